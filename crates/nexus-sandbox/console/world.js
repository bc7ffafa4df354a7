// The sandbox as a whole: counts, policy, tenants, and beginning anew.
import { act, has, openapi, read } from './api.js';
import { $, ask, button, cells, h, keep, onSubmit, put, show } from './dom.js';
import { state } from './live.js';

let seen;
const ALL = '/_sandbox/tenants';
export const console_of = (name) => `/_sandbox/${name === 'default' ? '' : `t/${name}/`}console/`;

const reset = async () => await ask('Reset this sandbox?', 'Reset', 'All is gone: no token or guid of before is valid.') && act('POST', 'reset', {});

const more = async () => {
	if (await has('metrics')) $('#links').append(' ', h('a', { href: '../metrics' }, 'metrics'));
	if (!await has('export')) return;
	const pick = h('input', { type: 'file', onchange: async () => act('POST', 'import', JSON.parse(await pick.files[0].text()), 'Imported') });
	$('#files').append(h('a', { href: '../export', download: 'nexus-sandbox.json' }, 'Export'), h('label', 'Import ', pick));
};

const tenants = async () => {
	const { tenants: all } = await read(ALL);
	const line = ({ name }) => h('li', { className: 'bar' }, h('a', { href: console_of(name) }, name), h('span'), ...(name === 'default' ? [] : [button('Delete', () => act('DELETE', `${ALL}/${name}`).then(tenants), { ariaLabel: `Delete ${name}` })]));
	keep($('#tenants'), all, ({ name }) => name, line, ({ children: [, text] }, { now, microdeposits, seed }) => put(text, `${now.slice(0, 19)} UTC, ${microdeposits} microdeposits, seed ${seed}`));
};

const policy = async (set) => {
	const { Policy } = (await openapi()).components.schemas;
	if (!set || !Policy) return;
	$('#policy').hidden = false;
	$('#policy tbody').replaceChildren(...Object.entries(Policy.properties).filter(([name]) => name in set).map(([name, { description, 'x-assumed': assumed }]) => {
		const row = cells(h('tr'), [name, JSON.stringify(set[name]), assumed ? '? assumed' : '✓ documented', description]);
		row.lastChild.className = 'wide';
		return row;
	}));
};

const counts = async () => {
	const whole = await read('state?find=none');
	put($('#facts'), `Seed ${whole.seed}, profile ${whole.profile}, ${whole.sessions_opened} sessions opened.`);
	$('main dl').replaceChildren(...Object.entries({ ...whole.counts, deleted: whole.deleted }).filter(([, count]) => count).flatMap(([name, count]) => [h('dt', name), h('dd', `${count}`)]));
	if ($('#policy').hidden) policy(whole.policy);
};

export const enter = () => {
	show('state');
	seen = undefined;
	$('#reset').onclick = reset;
	$('#expire').onclick = () => act('POST', 'sessions/expire');
	onSubmit($('main form'), (given) => act('POST', ALL, given, 'Made').then(tenants));
	more();
	tenants();
};

export const update = () => {
	if (seen === state.seen) return;
	seen = state.seen;
	counts();
};
