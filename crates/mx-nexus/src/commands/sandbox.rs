//! `nexus sandbox`: serves until SIGINT or SIGTERM; or tells the fields of a policy.

use std::io::Write;
use std::sync::mpsc;
use std::time::{SystemTime, UNIX_EPOCH};

use nexus_sandbox::{Notice, Options, Policy, Preset, Profile, Serving, Subscription};
use serde_json::{Value, json};

use crate::args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::style;
use crate::{secret_input, signal};

pub(super) fn run(options: &args::Sandbox, output: Output) -> Result<Exit, Failure> {
    if options.policy_help {
        return policy_help(output);
    }
    let (send, stop) = mpsc::channel();
    signal::listen(move || {
        // The receiver is gone if the server is already ending.
        let _ = send.send(());
    })?;
    let mut world = Options::default();
    world.seed = options.seed;
    world.profile = match options.profile {
        args::Profile::Integration => Profile::Integration,
        args::Profile::Production => Profile::Production,
    };
    if let Some(path) = &options.policy {
        world.policy = policy(path)?;
    }
    world.embed_origins = options.embed_origin.clone();
    if options.real_time {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        world.start_unix_seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    }
    webhooks(options, &mut world)?;
    let mut serving = Serving::default();
    (serving.port, serving.real_time) = (options.port, options.real_time);
    (serving.host_names, serving.cors_origins) = (options.host_name.clone(), options.cors_origin.clone());
    // This process has nothing else to do than to hold connections.
    serving.raise_open_files = true;
    serving.notify = Some(if output.json { notice_json } else { notice });
    serving.log = options.log.then_some(if output.json { log_json } else { log });
    let start = nexus_sandbox::Sandbox::start_with(world, serving);
    let sandbox = start.map_err(|error| Failure::Local("the sandbox cannot start", error))?;
    let (url, credentials) = (sandbox.url(), sandbox.credentials());
    let document = serde_json::from_str(&sandbox.to_json()).unwrap_or_default();
    let text = format!(
        "{url}\n\n\
         Watch it in a browser: {url}/_sandbox/console/\n\n\
         In another shell (these open nothing but this sandbox):\n  \
         export NEXUS_BASE_URL={url}\n  \
         export NEXUS_CLIENT_ID={} NEXUS_USER_ID={}\n  \
         export NEXUS_API_KEY={}\n  \
         echo 333312345 | nexus create --first-name Josh --last-name James --email josh@example.com \\\n    \
         --routing-number 091000019 --account-type checking --account-number-file -\n  \
         curl --json '{{\"seconds\":120}}' {url}/_sandbox/advance\n  \
         nexus list\n  \
         nexus verify GUID 0.09 0.09\n\n\
         Everything it does: {url}/_sandbox/openapi.json. Ctrl-C ends it.",
        credentials.client_id, credentials.user_id, credentials.api_key,
    );
    output.line(text, &document)?;
    // The sender lives as long as the process.
    let _ = stop.recv();
    sandbox.stop();
    Ok(Exit::Interrupted)
}

// If standard error is closed, nothing can be reported.
fn notice(notice: &Notice) {
    let _ = writeln!(std::io::stderr(), "nexus sandbox: {notice}");
}

fn notice_json(notice: &Notice) {
    let _ = writeln!(std::io::stderr(), "{}", json!({"notice": notice.to_string()}));
}

/// Who gets webhooks from the beginning.
fn webhooks(options: &args::Sandbox, world: &mut Options) -> Result<(), Failure> {
    world.webhook_hosts.clone_from(&options.webhook_host);
    if let Some(path) = &options.webhook_ca_file {
        let unreadable = |error: std::io::Error| format!("the file cannot be read: {}", error.kind());
        let pem = std::fs::read_to_string(path);
        world.webhook_roots = Some(pem.map_err(|error| Failure::input("webhook_ca", unreadable(error)))?);
    }
    if options.webhook.is_empty() {
        return Ok(());
    }
    let auth = secret_input::from_file_or_variable(
        "webhook_auth",
        options.webhook_auth_file.as_deref(),
        "NEXUS_WEBHOOK_AUTH",
    )?;
    let auth = auth.map(|text| serde_json::from_str::<Value>(&text)).transpose();
    // serde's own message repeats values.
    let auth = auth.map_err(|_| Failure::input("webhook_auth", "must be a JSON object"))?;
    for url in &options.webhook {
        let mut document = json!({"url": url});
        if let (Some(auth), Some(fields)) = (&auth, document.as_object_mut()) {
            fields.insert("auth".to_owned(), auth.clone());
        }
        let subscription = Subscription::from_json(&document.to_string())?;
        subscription.check_for(world)?;
        world.webhooks.push(subscription);
    }
    Ok(())
}

/// A line for a request. The first tenant's have no name before them, since most sandboxes have no other.
fn log(tenant: &str, line: &str) {
    let name = if tenant == "default" { String::new() } else { format!("{tenant}: ") };
    let _ = writeln!(std::io::stderr(), "{name}{line}");
}

fn log_json(tenant: &str, line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", json!({"tenant": tenant, "request": line}));
}

/// A preset by its name, else a file.
fn policy(given: &str) -> Result<Policy, Failure> {
    if let Some(preset) = Preset::from_name(given) {
        return Ok(preset.policy());
    }
    let text = std::fs::read(given);
    let text = text.map_err(|error| Failure::input("policy", format!("the file cannot be read: {}", error.kind())))?;
    Ok(Policy::from_json(&text)?)
}

/// The fields of a policy, for people or as one document.
fn policy_help(output: Output) -> Result<Exit, Failure> {
    let (strong, mut text) = (style::STRONG, String::new());
    for preset in Preset::ALL {
        let usual = Policy::default().to_json();
        let own = preset.policy().to_json();
        let differs = Policy::FIELDS.iter().filter(|field| own[field.name] != usual[field.name]);
        let differs: Vec<String> = differs.map(|field| format!("{}={}", field.name, own[field.name])).collect();
        text.push_str(&format!("{strong}--policy {}{strong:#}  {}\n", preset.name(), differs.join(" ")));
    }
    text.push_str(
        "--policy FILE holds a JSON object with any of these fields, and `base` with the name of one of the above:\n",
    );
    for field in Policy::FIELDS {
        let (name, default, values) = (field.name, field.default(), field.values());
        text.push_str(&format!("\n{strong}{name}{strong:#} = {default}  ({values})\n  {}\n", field.text()));
    }
    let fields = Policy::FIELDS.iter().map(|field| {
        json!({
            "name": field.name,
            "default": Policy::default().to_json()[field.name],
            "values": field.values(),
            "documented": field.is_documented(),
            "text": field.text(),
            "schema": field.schema(),
        })
    });
    let presets = Preset::ALL.iter().map(|preset| (preset.name().to_owned(), preset.policy().to_json()));
    let document = json!({
        "fields": fields.collect::<Vec<_>>(),
        "presets": presets.collect::<serde_json::Map<_, _>>(),
    });
    output.result(text, &document)?;
    Ok(Exit::Done)
}
