// The one stream. It is closed while nobody sees the page, and goes on where it was.
import { base, forget, has, read } from './api.js';
import { apply, begun, LISTS, WHOLES } from './state.js';

export let state = begun();
let source;
let run;
let timer;
/** What comes while everything is read anew. */
let queue;
let changed;

/** Applies an event. The screen follows. */
const take = (event) => {
	state = apply(state, event);
	timer ??= setTimeout(() => {
		timer = undefined;
		changed();
	}, 16);
};

const begin = async (id) => {
	forget();
	const missed = queue = [];
	try {
		const data = {};
		const list = async (path, use) => await has(path) && use(await read(path));
		await Promise.all([
			...Object.values(LISTS).map(([name, key, path, field]) => list(path, (told) => {
				data[name] = new Map(told[field].map((one) => [one[key], one]));
				if (told.now) Object.assign(data, { now: told.now, more: told.not_shown });
			})),
			...Object.values(WHOLES).map(([name, path, field]) => list(path, (told) => { data[name] = told[field]; })),
		]);
		// Another reset may have come meanwhile.
		if (queue !== missed) return;
		state = { ...begun(), line: state.line };
		queue = undefined;
		take({ type: 'whole', id, data });
		missed.forEach(take);
	} catch {
		again();
	}
};

const again = () => {
	source.close();
	run = undefined;
	setTimeout(open, 1000);
};

const open = () => {
	source?.close();
	if (document.hidden) return;
	const url = new URL('live', base);
	if (run) url.searchParams.set('after', state.seen);
	source = new EventSource(url);
	source.onerror = () => {
		take({ type: 'line', data: `reconnecting, last event ${state.seen}` });
		if (source.readyState === EventSource.CLOSED) again();
	};
	source.addEventListener('hello', ({ data }) => {
		const told = JSON.parse(data);
		const same = run === told.run;
		take({ type: 'line', data: 'live' });
		if (told.resumed && same) return take({ type: 'clock', data: told });
		// What another server goes on with was meant for somebody else.
		if (told.resumed) return again();
		run = told.run;
		begin(told.change);
	});
	source.addEventListener('reset', ({ lastEventId }) => begin(Number(lastEventId)));
	for (const type of ['clock', 'seen', ...Object.keys(LISTS), ...Object.keys(WHOLES)]) {
		source.addEventListener(type, ({ data, lastEventId }) => {
			const event = { type, id: Number(lastEventId), data: JSON.parse(data) };
			if (queue) queue.push(event);
			else take(event);
		});
	}
};

export const listen = (listener) => {
	changed = listener;
	document.addEventListener('visibilitychange', () => {
		open();
		if (document.hidden) take({ type: 'line', data: 'paused' });
	});
	open();
};
