// Subscriptions, and what was sent to them.
import { act, base, read } from './api.js';
import { ask, button, find, keep, make, put, show, status, time } from './dom.js';
import { state } from './live.js';

const subscribe = (url) => act('POST', 'webhooks', { url }, 'Subscribed');
const own = (query = '') => subscribe(new URL(`receiver${query}`, base).href);
/** The first attempt and the documented twelve retries. */
const SLOTS = 13;

const replay = (id, body) => act('POST', `webhooks/deliveries/${id}/replay`, body, 'Sent again');
const edit = async (id) => {
	const { body } = await read(`webhooks/deliveries/${id}`);
	const text = make('textarea', { name: 'body', rows: 18, value: JSON.stringify(body, null, 2), 'aria-label': 'Body' });
	const values = await ask('Edit and send', [make('p', {}, 'Masked fields go out as they stand here.'), text], 'Send');
	if (values) await replay(id, { body: JSON.parse(values.body) });
};

export const enter = () => {
	show('webhooks');
	find('#subscribe').onsubmit = (event) => {
		event.preventDefault();
		subscribe(event.target.elements.url.value);
	};
	find('#test').onclick = () => own();
	find('#failing').onclick = () => own('?respond=500');
	find('#disorder').onclick = () => act('POST', 'webhooks/faults', { effect: 'reorder', nth: 1 }, 'The next event waits for the one after it');
};

const subscription = ({ id }) => make('li', { className: 'bar' }, make('span'), button('', ({ target }) => act('POST', `webhooks/${id}/${target.textContent.toLowerCase()}`)), button('End', () => act('DELETE', `webhooks/${id}`)));

const outcome = ({ status: code, error }) => String(code ?? error);

const delivery = ({ id, guid }) => make('div', { className: 'card', 'data-delivery': id },
	make('p', {}, make('a', { href: `#/microdeposits/${guid}`, 'data-row': String(id) }, `#${id}`), ' ', make('span')), make('ol', { className: 'strip' }),
	make('details', {}, make('summary', {}, 'Attempts and body'), make('ul'), make('pre', { tabIndex: 0 })),
	make('div', { className: 'bar' }, button('Replay', () => replay(id), { 'data-replay': '', title: 'Uses up no attempt; an old one may go out after newer ones' }), button('Edit and send', () => edit(id))));

const fill = (card, one) => {
	if (card.told === one) return;
	card.told = one;
	const { at, action, status_name, guid, attempts, next_at, body, webhook } = one;
	put(find('p span', card), `${time(at, state.now)} ${action} ${status(status_name)} ${guid.slice(0, 12)} to ${webhook}: ${one.state.replace('_', ' ')}${next_at ? `, next attempt ${time(next_at, state.now)}` : ''}`);
	const scheduled = attempts.filter(({ kind }) => kind === 'scheduled');
	const good = ({ status: code }) => code >= 200 && code < 300;
	const strip = find('.strip', card);
	strip.ariaLabel = `${scheduled.length} of ${SLOTS} attempts`;
	strip.replaceChildren(...Array.from({ length: SLOTS }, (_, index) => {
		const tried = scheduled[index];
		return make('li', { title: tried ? outcome(tried) : 'not yet' }, tried ? (good(tried) ? '✓' : '×') : '·');
	}));
	find('ul', card).replaceChildren(...attempts.map((tried) => make('li', {}, `+${tried.offset_seconds} s ${tried.kind}: ${outcome(tried)}${tried.fault ? `, fault ${tried.fault}` : ''}`)));
	put(find('pre', card), JSON.stringify(body, null, 2));
};

export const update = () => {
	find('.empty').hidden = state.webhooks.length > 0;
	keep(find('#subscriptions'), state.webhooks, ({ id }) => id, subscription, (item, { id, url, auth, paused }) => {
		put(item.children[0], `${id}: ${url}, ${auth.type === 'none' ? 'no' : auth.type} authentication${paused ? ', paused' : ''}`);
		put(item.children[1], paused ? 'Resume' : 'Pause');
	});
	keep(find('#deliveries'), [...state.deliveries.values()].toReversed().slice(0, 200), ({ id }) => id, delivery, fill);
};
