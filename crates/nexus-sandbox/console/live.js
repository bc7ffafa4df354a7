// The one stream. It is closed while nobody sees the page, and goes on where it was.
import { base, forget, has, read } from './api.js';
import { apply, begun } from './state.js';

export let state = begun();
const listeners = [];
let source;
let run;
let timer;
let queue;

export const onChange = (listener) => listeners.push(listener);

const tell = () => {
	timer = undefined;
	for (const listener of listeners) listener(state);
	document.documentElement.dataset.seen = state.seen;
};

/** Applies an event; the screen follows before the browser draws next. */
export const take = (event) => {
	state = apply(state, event);
	timer ??= setTimeout(tell, 16);
};

/** Reads everything; what happens meanwhile comes by the stream and is applied after. */
const begin = async (number) => {
	forget();
	queue = [];
	const list = async (path, map) => (await has(path) ? map(await read(path)) : undefined);
	try {
		const whole = await read('state');
		const [requests, faults, webhooks, webhookFaults, deliveries] = await Promise.all([
			list('requests', (told) => told.requests), list('faults', (told) => told.faults), list('webhooks', (told) => told.webhooks),
			list('webhooks/faults', (told) => told.faults), list('webhooks/deliveries', (told) => told.deliveries),
		]);
		const by = (items, key) => new Map((items ?? []).map((item) => [item[key], item]));
		state = { ...begun(), seen: state.seen, line: state.line };
		take({ type: 'whole', id: number, data: { now: whole.now, more: whole.not_shown, records: by(whole.microdeposits, 'guid'), requests: by(requests, 'id'), faults: faults ?? [], webhooks: webhooks ?? [], webhookFaults: webhookFaults ?? [], deliveries: by(deliveries, 'id') } });
	} catch {
		return reopen();
	}
	const missed = queue;
	queue = undefined;
	missed.forEach(take);
};

const reopen = () => {
	source?.close();
	run = undefined;
	setTimeout(open, 1000);
};

const open = () => {
	source?.close();
	const url = new URL('live', base);
	if (run) url.searchParams.set('after', state.seen);
	source = new EventSource(url);
	source.onerror = () => {
		take({ type: 'line', data: `reconnecting, last event ${state.seen}` });
		// An error that is not only a lost connection ends a source for good.
		if (source.readyState === EventSource.CLOSED) reopen();
	};
	source.addEventListener('hello', ({ data }) => {
		const told = JSON.parse(data);
		take({ type: 'line', data: 'live' });
		if (told.resumed && told.run === run) return take({ type: 'clock', data: told });
		if (run && told.run !== run) state = { ...state, seen: 0 };
		const another = run && told.resumed;
		run = told.run;
		// What follows was meant for somebody else.
		if (another) return reopen();
		begin(told.change);
	});
	source.addEventListener('reset', ({ lastEventId }) => begin(Number(lastEventId)));
	for (const type of ['clock', 'record', 'request', 'faults', 'webhooks', 'webhook_faults', 'attempt', 'seen']) {
		source.addEventListener(type, ({ data, lastEventId }) => {
			const event = { type, id: Number(lastEventId), data: JSON.parse(data) };
			if (queue) queue.push(event);
			else take(event);
		});
	}
};

export const listen = () => {
	document.addEventListener('visibilitychange', () => {
		if (!document.hidden) return open();
		source.close();
		take({ type: 'line', data: 'paused' });
	});
	open();
};
