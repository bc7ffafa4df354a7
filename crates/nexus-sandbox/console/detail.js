// One microdeposit: where it is, what was, what can be made to happen.
import { act, call, curl, openapi, read, widget } from './api.js';
import { diagram } from './diagram.js';
import { $, button, copy, h, json, mark, onSubmit, put, say, time } from './dom.js';
import { state } from './live.js';

export const ACCOUNT = { account_number: '333312345', routing_number: '091000019', account_type_name: 'CHECKING' };
/** Policies that matter in a status. */
const MATTER = { PREINITIATED: ['preinitiated_days'], DEPOSITED: ['amount_order', 'verification', 'retention_days'], DENIED: ['denied_days', 'amount_order', 'webhook_denied_again'], REJECTED: ['accounts_per_email', 'blocked_routing_numbers'], CONFLICTED: ['conflict'] };
let guid;
let drawn;
let table;
let amounts;

const happen = (event) => act('POST', `events/${guid}`, { event, ...(event === 'failed' && { code: $('#code').value }), ...(event === 'account_submitted' && { account: ACCOUNT }) }, `Happened: ${event}`);

const moves = async (now) => {
	$('#diagram').replaceChildren(diagram(table, now));
	$('#moves').replaceChildren(...table.map(({ from, event, to, assumed }) => h('li', `${from ?? 'nothing'}, ${event}: ${to}${assumed ? ' (assumed)' : ''}${from === now ? ', possible now' : ''}`)));
	const can = (event) => table.some((row) => row.from === now && row.event === event);
	const events = [...new Set(table.filter(({ from }) => from).map(({ event }) => event))];
	$('#happen').replaceChildren(...events.map((event) => button(event, () => happen(event), can(event) ? {} : { disabled: true, title: `Not from ${now}` })));
	put($('#not'), `Disabled: not from ${now}.`);
	const { Policy } = (await openapi()).components.schemas;
	const { policy } = await read('state?find=none');
	const fields = ['refresh', ...(MATTER[now] ?? [])].filter((field) => Policy?.properties[field]);
	$('#assumed').hidden = !fields.length;
	$('#assumed ul').replaceChildren(...fields.map((field) => h('li', h('code', field), ` ${policy ? JSON.stringify(policy[field]) : ''} ${Policy.properties[field].description}`)));
};

const draw = async () => {
	const asked = guid;
	drawn = state.records.get(guid) ?? guid;
	const [one, statement] = await Promise.all([read(`state/${guid}`), read(`deposits/${guid}`)]);
	table ??= (await read('transitions')).transitions;
	if (guid !== asked || !$('#history')) return;
	const { status, shown, attempts, next, history, record } = one;
	const now = status ?? 'deleted';
	put($('.lead'), `${mark(status)}${shown === status ? '' : `, shown as ${shown}`}, ${attempts} of 3 tries. ${next ? `Next: ${next.what} ${time(next.at, state.now)}.` : ''}`);
	if ($('#diagram').dataset.now !== now) {
		$('#diagram').dataset.now = now;
		moves(now);
	}
	amounts = [statement.deposit_amount_1, statement.deposit_amount_2].map((amount) => Number(amount).toFixed(2));
	put($('#statement'), `${amounts.join(' and ')}, ${statement.landed ? 'landed' : 'not there yet'}`);
	const past = history.map(({ at, status: name }) => [at, mark(name), ...[...state.deliveries.values()].filter((sent) => sent.guid === guid && sent.at === at && sent.status_name === name).map((sent) => `webhook #${sent.id} ${sent.state}`)]);
	const asks = [...state.requests.values()].filter((one) => one.guid === guid).map(({ at, operation, status: code }) => [at, `${operation}: ${code ?? 'reset'}`]);
	$('#history').replaceChildren(...[...past, ...asks].sort(([a], [b]) => a.localeCompare(b)).map(([at, ...what]) => h('li', `${time(at, state.now)} ${what.join(', ')}`)));
	put($('#detail pre'), json(record));
};

export const open = (wanted) => {
	guid = wanted;
	const detail = $('#detail');
	detail.hidden = !guid;
	if (!guid || detail.dataset.guid === guid) return;
	detail.dataset.guid = guid;
	detail.replaceChildren($('#one').content.cloneNode(true));
	put($('h2', detail), guid);
	$('h2', detail).focus();
	const form = $('form', detail);
	$('#copy').onclick = () => {
		copy(amounts.join(' '));
		[form[0].value, form[1].value] = amounts;
	};
	onSubmit(form, async (given) => {
		const told = await call('PUT', `/micro_deposits/${guid}`, { deposit_amount_1: Number(given.deposit_amount_1), deposit_amount_2: Number(given.deposit_amount_2) });
		say(`Submitted: ${told?.micro_deposit?.status_name}`);
	});
	$('#widget').onclick = () => widget(guid);
	$('#curl').onclick = () => copy(curl('GET', `state/${guid}`, {}));
	drawn = undefined;
};

export const update = () => {
	if (guid && drawn !== (state.records.get(guid) ?? guid)) draw().catch(() => put($('.lead'), 'There is none; it may be from before a reset.'));
};
