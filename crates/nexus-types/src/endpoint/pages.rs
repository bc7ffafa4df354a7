//! stand-in
use super::List;
use crate::microdeposit::Microdeposit;
pub struct Pages;
pub enum Next { Fetch(List), Complete(Vec<Microdeposit>), Incomplete }
impl Pages { pub fn new() -> Pages { Pages } pub fn add(&mut self, page: Vec<Microdeposit>) -> Next { Next::Complete(page) } }
impl List { pub fn parse_page(&self, response: &crate::wire::Response) -> Result<Vec<Microdeposit>, crate::error::Error> { use super::Endpoint; self.parse(response) } }
