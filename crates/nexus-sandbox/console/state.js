// What the page knows, as a value, and what each event of the stream makes of it.

/** What is a list of things with a key, and where the admin interface has it: name, key, path, field. */
export const LISTS = { record: ['records', 'guid', 'state', 'microdeposits'], request: ['requests', 'id', 'requests', 'requests'], attempt: ['deliveries', 'id', 'webhooks/deliveries', 'deliveries'] };
/** What is told whole each time. */
export const WHOLES = { faults: ['faults', 'faults', 'faults'], webhooks: ['webhooks', 'webhooks', 'webhooks'], webhook_faults: ['webhookFaults', 'webhooks/faults', 'faults'] };
const KEPT = 1000;

export const begun = () => ({ seen: 0, now: '', line: 'connecting', more: 0, records: new Map(), requests: new Map(), deliveries: new Map(), faults: [], webhooks: [], webhookFaults: [] });

export const apply = (state, { type, id = 0, data }) => {
	const next = { ...state, seen: Math.max(state.seen, id) };
	if (type === 'line') next.line = data;
	if (type === 'clock') next.now = data.now;
	if (type === 'whole') Object.assign(next, data);
	if (WHOLES[type]) {
		const [name, , field] = WHOLES[type];
		next[name] = data[field];
	}
	if (LISTS[type]) {
		const [name, key] = LISTS[type];
		const map = next[name] = new Map(state[name]).set(data[key], data);
		if (map.size > KEPT) {
			map.delete(map.keys().next().value);
			if (type === 'record') next.more += 1;
		}
	}
	return next;
};

/** The next thing that happens by itself. */
export const nextEvent = ({ records, deliveries }) => {
	const all = [...records.values()].filter(({ next }) => next).map(({ next }) => next);
	for (const { next_at } of deliveries.values()) if (next_at) all.push({ at: next_at, what: 'webhook' });
	return all.reduce((first, one) => (first && first.at <= one.at ? first : one), undefined);
};
