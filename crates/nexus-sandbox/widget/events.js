// The events for the host: messages, or in a web view navigations (domain.md 9.4).

const originOf = (address) => /^[a-z][a-z\d+.-]*:\/\/[^/?#]+/i.exec(address)?.[0];
const openerAddress = () => {
	try {
		return opener.location.href;
	} catch { /* There is none, or it is of another origin. */ }
};
const warn = (text) => console.warn(`Nexus sandbox: ${text}`);

/** Who hears events, and may ask for some. */
export const hosts = [parent, opener].filter((host) => host && host !== window);

/** What sends events, and where to or why not; `note` hears of each. */
export const speaker = ({ speaks, webview, scheme, target_origin }, note) => {
	const to = webview ? `${scheme}:` : originOf(target_origin) ?? originOf(openerAddress()) ?? originOf(document.referrer);
	let why;
	if (!speaks) why = 'silent: ui_message_version is not 4';
	else if (!webview && !hosts.length) why = 'nobody hears: no page shows or opened it';
	else if (!to) why = 'nobody hears: the host page sends no referrer (Referrer-Policy?)';
	if (why && window !== top) warn(why);
	let last;
	const send = (name, metadata) => {
		const type = `mx/${name}`;
		const noted = note(type, metadata);
		if (why) return;
		if (webview) {
			if (last) {
				last.lost();
				warn(`the navigation of ${last.type} was probably cancelled by ${type}`);
			}
			last = noted;
			setTimeout(() => { last = last === noted ? undefined : last; });
			location = `${scheme}://${name}?metadata=${encodeURIComponent(JSON.stringify(metadata))}`;
			return;
		}
		try {
			for (const host of hosts) host.postMessage({ metadata, mx: true, type }, to);
		} catch (error) {
			warn(error.message);
		}
	};
	return { send, told: why ?? `sent as ${to}` };
};
