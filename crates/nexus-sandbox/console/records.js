// The table of microdeposits.
import { base, call, credentials, read } from './api.js';
import * as detail from './detail.js';
import { $, cells, h, keep, link, mark, put, show, speak, STATUSES, time } from './dom.js';
import { state } from './live.js';

/** What the sandbox has found, where there are more than the page holds. */
let found;
let known;
/** So many rows are drawn, at first as many as a person sees: the others come after. */
let drawn;

const create = async (account) => {
	const { micro_deposit: { guid } } = await call('POST', '/micro_deposits', { micro_deposit: { first_name: 'Josh', last_name: 'James', email: `josh${Date.now()}@example.com`, ...account } }, 'Made');
	location.hash = `#/microdeposits/${guid}`;
};

const wanted = () => Object.fromEntries(new FormData($('#filter')));
const fits = ({ guid, status, account }, filter) => (!filter.status || (status ?? 'deleted') === filter.status) && (!filter.find || guid.toLowerCase().includes(filter.find.toLowerCase()) || account?.endsWith(filter.find));

const look = async () => {
	const filter = wanted();
	found = state.more && (filter.status || filter.find) ? await read(`state?${new URLSearchParams(filter)}`) : undefined;
	update();
};

export const enter = () => {
	show('microdeposits');
	[found, known, drawn] = [undefined, new Map(), 99];
	$('[name=status]').append(...STATUSES.map((name) => h('option', name)));
	$('#filter').oninput = look;
	$('#filter').onsubmit = (event) => event.preventDefault();
	$('#new').onclick = () => create({ ...detail.ACCOUNT, account_number: `3333${String(Date.now()).slice(-6)}` });
	$('#pre').onclick = () => create();
	credentials().then(({ client_id, user_id, api_key }) => put($('main pre'), `export NEXUS_BASE_URL=${base.origin}
export NEXUS_CLIENT_ID=${client_id} NEXUS_USER_ID=${user_id}
export NEXUS_API_KEY=${api_key}
echo 333312345 | nexus create --first-name Josh --last-name James --email josh@example.com \\
  --routing-number 091000019 --account-type checking --account-number-file -`));
};

export const open = (guid) => {
	detail.open(guid);
	for (const row of document.querySelectorAll('tbody tr')) row.classList.toggle('on', row.dataset.guid === guid);
};

const fill = (row, record) => {
	const { guid, status, attempts, shown, account, updated_at, next } = record;
	if (row.told === record) return;
	row.told = record;
	const before = known.get(guid);
	known.set(guid, status);
	if (before !== undefined && before !== status) {
		row.classList.remove('fresh');
		row.offsetWidth;
		row.classList.add('fresh');
		speak(`${guid.slice(0, 8)} is ${status ?? 'deleted'}`);
	}
	cells(row, [row.cells[0].firstChild, mark(status), shown, account, `${attempts}/3`, time(updated_at, state.now), next && `${next.what} ${time(next.at, state.now)}`]);
};

export const update = () => {
	const filter = wanted();
	const all = found?.microdeposits ?? [...state.records.values()].filter((record) => fits(record, filter));
	const hidden = found?.not_shown ?? state.more;
	keep($('tbody'), all.toReversed().slice(0, drawn), ({ guid }) => guid, ({ guid }) => cells(h('tr', { 'data-guid': guid }), [link(guid, { 'data-row': guid })]), fill);
	put($('#more'), hidden ? `and ${hidden} older ones; the filter finds them` : '');
	$('.empty').hidden = state.records.size;
	$('.scroll').hidden = !state.records.size;
	detail.update();
	if (all.length > drawn) {
		drawn = 1e9;
		setTimeout(() => $('#filter') && update(), 50);
	}
};
