// What the page knows, as a value, and what each event of the stream makes of it.

export const begun = () => ({
	seen: 0, now: '', line: 'connecting', records: new Map(), more: 0, requests: new Map(), faults: [], webhooks: [], webhookFaults: [], deliveries: new Map(),
});

const KEPT = 1000;

const kept = (map, key, value) => {
	const next = new Map(map);
	next.set(key, value);
	if (next.size > KEPT) next.delete(next.keys().next().value);
	return next;
};

export const apply = (state, { type, id, data }) => {
	const next = { ...state, seen: Math.max(state.seen, id || 0) };
	switch (type) {
		case 'line': return { ...next, line: data };
		case 'clock': return { ...next, now: data.now };
		case 'record': {
			const known = state.records.has(data.guid) || state.records.size < KEPT;
			return { ...next, records: kept(state.records, data.guid, data), more: state.more + (known ? 0 : 1) };
		}
		case 'request': return { ...next, requests: kept(state.requests, data.id, data) };
		case 'faults': return { ...next, faults: data.faults };
		case 'webhooks': return { ...next, webhooks: data.webhooks };
		case 'webhook_faults': return { ...next, webhookFaults: data.faults };
		case 'attempt': return { ...next, deliveries: kept(state.deliveries, data.id, data) };
		case 'whole': return { ...next, ...data };
		default: return next;
	}
};

/** The next thing that happens by itself: when, what, and to whom. */
export const nextEvent = ({ records, deliveries }) => {
	let first;
	const offer = (at, what, guid) => {
		if (at && (!first || at < first.at)) first = { at, what, guid };
	};
	for (const { guid, next } of records.values()) if (next) offer(next.at, next.what, guid);
	for (const { guid, next_at } of deliveries.values()) offer(next_at, 'webhook', guid);
	return first;
};
