//! The widget's stand-in at `/md/`: its page, the files that it loads, and the calls that it makes. What a person submits
//! there goes by the rules of the API.

pub(crate) mod calls;
mod page;
#[cfg(test)]
pub(crate) use self::page::served_bytes;
pub(crate) mod settings;
pub(crate) mod tickets;

use crate::call::{Call, Reply};
use crate::routes::Target;
use crate::world::World;

/// Whether this place belongs to the widget.
pub(crate) fn serves(target: Target) -> bool {
    matches!(
        target,
        Target::WidgetPage
            | Target::WidgetFile
            | Target::WidgetStart
            | Target::WidgetMicroDeposit
            | Target::WidgetRoutingNumber
            | Target::WidgetInstitution
            | Target::WidgetMember
    )
}

/// Responds there. The parameter is the token of the address, or the name of a file.
pub(crate) fn respond(world: &mut World, call: &Call<'_>, target: Target, parameter: &str) -> Result<Reply, Reply> {
    match target {
        Target::WidgetPage => Ok(open(world, call, parameter)),
        Target::WidgetFile => page::file(parameter),
        _ => calls::respond(world, call, target, parameter),
    }
}

/// `GET /md/connect/{token}`. Only a browser that shows the page uses the token up; what looks ahead, asks for the head or
/// makes a preview of a link does not.
fn open(world: &mut World, call: &Call<'_>, token: &str) -> Reply {
    let ahead = call.purpose.is_some_and(|purpose| purpose.starts_with("prefetch"));
    let navigation = matches!(call.fetch_dest, Some("document" | "iframe" | "frame")) && !ahead;
    let (policy, now) = (world.rules.policy.widget_token, world.now);
    let opened = world.widgets.open(&world.rules.chance, policy, token, navigation, now);
    let embed_origins = &world.options.embed_origins;
    match opened {
        Some((bearer, color_scheme)) => page::page(&bearer, color_scheme, embed_origins),
        None => page::gone(embed_origins),
    }
}
