// One microdeposit: where it is, what was, what can be made to happen.
import { act, base, call, curl, openapi, read, widget } from './api.js';
import { diagram } from './diagram.js';
import { button, copy, find, keep, make, put, status, time } from './dom.js';
import { state } from './live.js';

let guid;
let drawn;
let shownFor;
let transitions;
let amounts;
const ACCOUNT = { account_number: '333312345', routing_number: '091000019', account_type_name: 'CHECKING' };
/** Policies that matter in a status. */
const MATTER = { PREINITIATED: ['preinitiated_days', 'webhook_preinitiated'], DEPOSITED: ['amount_order', 'verification', 'retention_days'], DENIED: ['denied_days', 'amount_order', 'webhook_denied_again'], REJECTED: ['accounts_per_email', 'blocked_routing_numbers'], CONFLICTED: ['conflict'], VERIFIED: ['wrong_state_status'] };

const happen = (event) => act('POST', `events/${guid}`, { event, ...(event === 'failed' && { code: find('#code').value }), ...(event === 'account_submitted' && { account: ACCOUNT }) }, `${event} has happened`);

const assumed = async (name) => {
	const [{ components: { schemas: { Policy: policy } } }, { policy: set }] = [await openapi(), await read('state')];
	const names = ['refresh', ...(MATTER[name] ?? [])].filter((field) => policy?.properties[field]);
	find('#assumed').hidden = !names.length;
	find('#assumed ul').replaceChildren(...names.map((field) => make('li', {}, make('code', {}, field), ` ${set ? JSON.stringify(set[field]) : ''} – ${policy.properties[field].description}`)));
};

const can = (from) => [...new Map(transitions.filter((row) => row.from).map(({ event }) => [event, transitions.some((row) => row.from === from && row.event === event)]))];

const draw = async () => {
	const known = state.records.get(guid);
	drawn = known ?? guid;
	const asked = guid;
	const [one, statement] = await Promise.all([read(`state/${guid}`), read(`deposits/${guid}`), transitions ?? read('transitions').then((told) => { transitions = told.transitions; })]);
	if (guid !== asked || !find('#history')) return;
	const now = one.status ?? 'deleted';
	put(find('.lead'), `${status(one.status)}${one.shown === one.status ? '' : `, shown as ${one.shown}`}, ${one.attempts} of 3 tries. ${one.next ? `Next: ${one.next.what} ${time(one.next.at, state.now)}.` : ''}`);
	if (find('#diagram').dataset.now !== now) {
		find('#diagram').dataset.now = now;
		find('#diagram').replaceChildren(diagram(transitions, now));
		find('#moves').replaceChildren(...transitions.map(({ from, event, to, assumed: guess }) => make('li', {}, `${from ?? 'nothing'} – ${event} → ${to}${guess ? ' (assumed)' : ''}${from === now ? ' ◀ possible now' : ''}`)));
		assumed(now);
		const events = can(now);
		keep(find('#happen'), events, ([event]) => event, ([event]) => button(event, () => happen(event)), (element, [, possible]) => { element.disabled = !possible; });
		const not = events.filter(([, possible]) => !possible).map(([event]) => event);
		find('#reasons').replaceChildren(...(not.length ? [make('li', {}, `Not from ${now}: ${not.join(', ')}`)] : []));
	}
	amounts = [statement.deposit_amount_1, statement.deposit_amount_2].map((amount) => Number(amount).toFixed(2));
	put(find('#statement'), `${amounts.join('   ')}   ${statement.landed ? 'landed' : 'not there yet'}`);
	const sent = [...state.deliveries.values()].filter((delivery) => delivery.guid === guid);
	find('#history').replaceChildren(...one.history.map(({ event, at, status: name }) => make('li', {}, `${time(at, state.now)} ${status(name)}`, ...sent.filter((delivery) => delivery.event === event).map(({ id, state: what }) => make('a', { href: '#/webhooks' }, ` webhook ${id} ${what}`)))));
	const of = [...state.requests.values()].filter((one) => one.guid === guid);
	find('#of').replaceChildren(...of.map(({ at, operation, status: code }) => make('li', {}, `${time(at, state.now)} ${operation} ${code ?? 'reset'}`)));
	put(find('#json'), JSON.stringify(one.record, null, 2));
};

export const open = (wanted) => {
	guid = wanted;
	find('#detail').hidden = !guid;
	if (!guid || shownFor === find('#detail h2') && find('#detail h2')?.textContent === guid) return;
	find('#detail').replaceChildren(find('#one').content.cloneNode(true));
	const heading = shownFor = find('#detail h2');
	put(heading, guid);
	heading.focus();
	const form = find('#verify');
	find('#copy').onclick = () => {
		copy(amounts.join(' '));
		[form.elements.deposit_amount_1.value, form.elements.deposit_amount_2.value] = amounts;
	};
	form.onsubmit = (event) => {
		event.preventDefault();
		const values = Object.entries(Object.fromEntries(new FormData(form))).map(([name, text]) => [name, Number(text)]);
		call('PUT', `/micro_deposits/${guid}`, Object.fromEntries(values), 'Submitted').then(({ micro_deposit: told }) => put(find('#said'), `Submitted: ${told?.status_name ?? 'done'}`));
	};
	find('#widget').onclick = () => widget(guid);
	find('#curl').onclick = () => copy(curl('GET', new URL(`state/${guid}`, base)));
	drawn = undefined;
};

export const update = () => {
	if (guid && drawn !== (state.records.get(guid) ?? guid)) draw().catch(() => put(find('.lead'), 'There is no such microdeposit; it may be from before a reset.'));
};
