// Subscriptions, and what was sent to them.
import { act, base } from './api.js';
import { $, ask, button, fold, h, json, keep, link, mark, onSubmit, put, show, time } from './dom.js';
import { state } from './live.js';

/** The first attempt and the documented twelve retries. */
const SLOTS = 13;
const subscribe = (url) => act('POST', 'webhooks', { url }, 'Subscribed');
const receive = (query) => subscribe(new URL(`receiver${query}`, base).href);
const replay = (id, body) => act('POST', `webhooks/deliveries/${id}/replay`, body, 'Sent again');
const edit = async (id) => {
	const given = await ask('Edit and send', 'Send', 'What is masked goes out as it stands here.', h('textarea', { name: 'body', rows: 18, ariaLabel: 'Body', value: json(state.deliveries.get(id).body) }));
	if (given) await replay(id, { body: JSON.parse(given.body) });
};

export const enter = () => {
	show('webhooks');
	onSubmit($('main form'), ({ url }) => subscribe(url));
	$('#test').onclick = () => receive('');
	$('#failing').onclick = () => receive('?respond=500');
	$('#disorder').onclick = () => act('POST', 'webhooks/faults', { effect: 'reorder', nth: 1 }, 'Armed');
};

const subscription = ({ id }) => h('li', { className: 'bar' }, h('span'), button('', ({ target }) => act('POST', `webhooks/${id}/${target.textContent.toLowerCase()}`)), button('End', () => act('DELETE', `webhooks/${id}`)));

const outcome = ({ status, error }) => String(status ?? error);

const card = ({ id, guid }) => h('div', { className: 'card' }, h('span'), ' ', link(guid, { 'data-row': id }), h('ol', { className: 'strip' }), fold('Attempts and body', h('ul'), h('pre', { tabIndex: 0 })),
	h('div', { className: 'bar' }, button('Replay', () => replay(id), { 'data-replay': id, title: 'Uses up no attempt; an old one may go out after newer ones' }), button('Edit and send', () => edit(id))));

const fill = (element, one) => {
	if (element.told === one) return;
	element.told = one;
	const { id, at, action, status_name, attempts, next_at, body, webhook, state: what } = one;
	put(element.firstChild, `#${id} ${time(at, state.now)} ${action} ${mark(status_name)} to ${webhook}: ${what.replace('_', ' ')}${next_at ? `, next attempt ${time(next_at, state.now)}` : ''}`);
	const tried = attempts.filter(({ kind }) => kind === 'scheduled');
	const strip = $('ol', element);
	strip.ariaLabel = `${tried.length} of ${SLOTS} attempts`;
	strip.replaceChildren(...Array.from({ length: SLOTS }, (_, slot) => {
		const { [slot]: done } = tried;
		return h('li', { title: done ? outcome(done) : 'not yet' }, done ? (done.status < 300 ? '✓' : '×') : '·');
	}));
	$('ul', element).replaceChildren(...attempts.map((done) => h('li', `+${done.offset_seconds} s ${done.kind}: ${outcome(done)}${done.fault ? `, fault ${done.fault}` : ''}`)));
	put($('pre', element), json(body));
};

export const update = () => {
	$('.empty').hidden = state.webhooks.length;
	keep($('#to'), state.webhooks, ({ id }) => id, subscription, ({ children: [text, pause] }, { id, url, auth, paused }) => {
		put(text, `${id}: ${url}, authentication ${auth.type}${paused ? ', paused' : ''}`);
		put(pause, paused ? 'Resume' : 'Pause');
	});
	keep($('#sent'), [...state.deliveries.values()].toReversed().slice(0, 200), ({ id }) => id, card, fill);
};
