//! The tokens in the widget's addresses (once, ten minutes; source: domain.md 9.1), and the pages that were opened by them.

use crate::policy::WidgetToken;
use crate::rng::{Chance, Purpose};
use crate::rules::SECOND;
use crate::sessions::Map;
use crate::widget::settings::Settings;

const TOKEN_LIFE: i64 = 10 * 60 * SECOND;
/// As that of a session, from the last use.
const PAGE_LIFE: i64 = 30 * 60 * SECOND;
/// What is dead is forgotten when there is so much more than at the last time.
const CLEAN_AFTER: usize = 1024;

/// An address that was handed out.
struct Ticket {
    user: u32,
    settings: Settings,
    since: i64,
    used: bool,
}

impl Ticket {
    fn opens(&self, policy: WidgetToken, now: i64) -> bool {
        policy == WidgetToken::Reusable || (!self.used && now.saturating_sub(self.since) < TOKEN_LIFE)
    }
}

/// A page that was handed out, and what it works on.
pub(crate) struct Page {
    token: Box<str>,
    since: i64,
    /// Whether the address was used up for it.
    active: bool,
    /// Counts from 0.
    pub(crate) number: u32,
    pub(crate) user: u32,
    pub(crate) settings: Settings,
    /// The number of the microdeposit that it is about now.
    pub(crate) micro_deposit: Option<u32>,
}

#[derive(Default)]
pub(crate) struct Widgets {
    tickets: Map<Box<str>, Ticket>,
    pages: Map<Box<str>, Page>,
    opened: u32,
    /// Members that were connected.
    pub(crate) members: u32,
    clean_at: usize,
}

impl Widgets {
    pub(crate) fn issue(&mut self, token: &str, user: u32, settings: Settings, now: i64) {
        if self.tickets.len() + self.pages.len() >= self.clean_at.max(CLEAN_AFTER) {
            self.tickets.retain(|_, ticket| !ticket.used && now.saturating_sub(ticket.since) < TOKEN_LIFE);
            self.pages.retain(|_, page| now.saturating_sub(page.since) < PAGE_LIFE);
            self.clean_at = self.tickets.len() + self.pages.len() + CLEAN_AFTER;
        }
        self.tickets.insert(token.into(), Ticket { user, settings, since: now, used: false });
    }

    /// Hands out a page, which has its own secret; none where the address opens no more. A navigation uses the address up.
    /// What only looks ahead does not: the page does so with its first call.
    pub(crate) fn open(
        &mut self,
        chance: &Chance,
        policy: WidgetToken,
        token: &str,
        navigation: bool,
        now: i64,
    ) -> Option<(String, &'static str)> {
        let ticket = self.tickets.get_mut(token).filter(|ticket| ticket.opens(policy, now))?;
        ticket.used |= navigation;
        let (number, user, settings) = (self.opened, ticket.user, ticket.settings.clone());
        let color_scheme = settings.color_scheme;
        self.opened = self.opened.saturating_add(1);
        let bearer = chance.token(Purpose::WidgetPage, u64::from(number), 43);
        let page =
            Page { token: token.into(), since: now, active: navigation, number, user, settings, micro_deposit: None };
        self.pages.insert(bearer.as_str().into(), page);
        Some((bearer, color_scheme))
    }

    /// The page whose call this is; none where its secret is not that of a page of this address.
    pub(crate) fn page(
        &mut self,
        policy: WidgetToken,
        token: &str,
        authorization: Option<&str>,
        now: i64,
    ) -> Option<&mut Page> {
        let bearer = authorization.and_then(|value| value.strip_prefix("Bearer "))?;
        let page = self.pages.get_mut(bearer).filter(|page| *page.token == *token)?;
        if !page.active {
            let ticket = self.tickets.get_mut(token).filter(|ticket| ticket.opens(policy, now))?;
            (ticket.used, page.active) = (true, true);
        }
        if now.saturating_sub(page.since) >= PAGE_LIFE {
            return None;
        }
        page.since = now;
        Some(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Identity;
    use crate::widget::settings;

    const BODY: &[u8] = br#"{"url":{"type":"connect_widget","mode":"verification","ui_message_version":4}}"#;

    fn widgets() -> Widgets {
        let mut widgets = Widgets::default();
        widgets.issue("t", 3, settings::read(BODY).unwrap(), 0);
        widgets
    }

    fn open(widgets: &mut Widgets, navigation: bool, now: i64) -> Option<String> {
        let chance = Chance::new(1, Identity::default());
        widgets.open(&chance, WidgetToken::Once, "t", navigation, now).map(|(bearer, _)| format!("Bearer {bearer}"))
    }

    #[test]
    fn an_address_opens_once_and_for_ten_minutes() {
        let mut all = widgets();
        assert!(open(&mut all, true, TOKEN_LIFE - 1).is_some());
        assert!(open(&mut all, true, TOKEN_LIFE - 1).is_none(), "used up");
        assert!(open(&mut widgets(), true, TOKEN_LIFE).is_none(), "too late");
        let mut reusable = widgets();
        for now in [0, 1, 2 * TOKEN_LIFE] {
            assert!(
                reusable.open(&Chance::new(1, Identity::default()), WidgetToken::Reusable, "t", true, now).is_some()
            );
        }
    }

    #[test]
    fn looking_ahead_uses_nothing_up_but_the_pages_first_call_does() {
        let mut all = widgets();
        let (first, second) = (open(&mut all, false, 0).unwrap(), open(&mut all, false, 1).unwrap());
        assert_ne!(first, second);
        assert_eq!(all.page(WidgetToken::Once, "t", Some(&second), 2).map(|page| page.user), Some(3));
        assert!(all.page(WidgetToken::Once, "t", Some(&first), 3).is_none(), "used up by the other");
        assert!(open(&mut all, true, 3).is_none());
        assert!(all.page(WidgetToken::Once, "t", Some(&second), 4).is_some(), "and goes on");
    }

    #[test]
    fn a_pages_secret_belongs_to_its_address_and_lasts_half_an_hour_from_its_use() {
        let mut all = widgets();
        let bearer = open(&mut all, true, 0).unwrap();
        let mut known =
            |token: &str, bearer: Option<&str>, now| all.page(WidgetToken::Once, token, bearer, now).is_some();
        assert!(!known("t", None, 0) && !known("t", Some("Bearer x"), 0) && !known("u", Some(&bearer), 0));
        assert!(!known("t", bearer.strip_prefix("Bearer "), 0));
        assert!(known("t", Some(&bearer), PAGE_LIFE - 1) && known("t", Some(&bearer), 2 * PAGE_LIFE - 2));
        assert!(!known("t", Some(&bearer), 3 * PAGE_LIFE - 2));
    }

    #[test]
    fn what_is_dead_is_forgotten() {
        let mut all = Widgets::default();
        let settings = settings::read(BODY).unwrap();
        for index in 0..10 * CLEAN_AFTER {
            all.issue(&index.to_string(), 0, settings.clone(), index as i64 * PAGE_LIFE);
            all.open(
                &Chance::new(1, Identity::default()),
                WidgetToken::Once,
                &index.to_string(),
                true,
                index as i64 * PAGE_LIFE,
            );
        }
        assert!(all.tickets.len() + all.pages.len() <= CLEAN_AFTER + 4);
    }
}
