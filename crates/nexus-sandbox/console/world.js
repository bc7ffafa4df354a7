// The sandbox as a whole: counts, policy, tenants, and beginning anew.
import { act, has, openapi, read } from './api.js';
import { ask, button, cells, find, keep, make, put, show } from './dom.js';
import { state } from './live.js';

let seen;

const reset = async () => {
	const sure = await ask('Reset this sandbox?', [make('p', {}, 'Microdeposits, requests and faults are gone, the clock begins again, and no token or guid of before is valid.')], 'Reset');
	if (sure) await act('POST', 'reset', {}, 'All is as at the beginning');
};

const files = async () => {
	if (!await has('export')) return;
	const pick = make('input', { type: 'file', accept: '.json', ariaLabel: 'Import a file', onchange: async () => act('POST', 'import', JSON.parse(await pick.files[0].text()), 'Imported') });
	find('#files')?.append(make('a', { href: '../export', download: 'nexus-sandbox.json' }, 'Export'), make('label', {}, 'Import ', pick));
};

const tenants = async () => {
	const { tenants: all } = await read('/_sandbox/tenants');
	if (find('#tenants')) keep(find('#tenants'), all, ({ name }) => name, ({ name }) => make('li', { className: 'bar' }, make('a', { href: name === 'default' ? '/_sandbox/console/' : `/_sandbox/t/${name}/console/` }, name), make('span'), ...(name === 'default' ? [] : [button('Delete', () => act('DELETE', `/_sandbox/tenants/${name}`).then(tenants), { ariaLabel: `Delete ${name}` })])), (item, { now, microdeposits, seed }) => put(item.children[1], `${now.slice(0, 19)} UTC, ${microdeposits} microdeposits, seed ${seed}`));
};

const policy = async () => {
	const [{ components: { schemas } }, { policy: set }] = [await openapi(), await read('state')];
	if (!schemas.Policy || !set || !find('#policy')) return;
	find('#policy').hidden = false;
	const fields = Object.entries(schemas.Policy.properties).filter(([name]) => name in set);
	find('#policy tbody').replaceChildren(...fields.map(([name, { description = '', ...schema }]) => {
		const row = make('tr');
		cells(row, [name, JSON.stringify(set[name]), schema['x-assumed'] ? '? assumed' : '✓ documented', description]);
		row.lastChild.className = 'wide';
		return row;
	}));
};

const counts = async () => {
	const whole = await read('state');
	if (!find('#counts')) return;
	put(find('#facts'), `Seed ${whole.seed}, profile ${whole.profile}, ${whole.sessions_opened} sessions opened.`);
	const all = [...Object.entries(whole.counts).filter(([, count]) => count), ['deleted', whole.deleted]];
	find('#counts').replaceChildren(...all.flatMap(([name, count]) => [make('dt', {}, name), make('dd', {}, String(count))]));
};

export const enter = () => {
	show('state');
	seen = undefined;
	find('#reset').onclick = reset;
	find('#expire').onclick = () => act('POST', 'sessions/expire', undefined, 'All sessions have ended');
	find('#tenancy').onsubmit = (event) => {
		event.preventDefault();
		const { value } = event.target.elements.name;
		act('POST', '/_sandbox/tenants', value ? { name: value } : {}, 'Made').then(tenants);
	};
	files();
	tenants();
	policy();
};

export const update = () => {
	if (seen === state.seen) return;
	seen = state.seen;
	counts();
};
