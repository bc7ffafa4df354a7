// The table of microdeposits.
import { base, call, credentials, read } from './api.js';
import * as detail from './detail.js';
import { cells, find, keep, make, put, show, speak, status, time } from './dom.js';
import { state } from './live.js';

const PERSON = { first_name: 'Josh', last_name: 'James', email: 'josh@example.com' };
let count = 0;
let asked;
let told = new Map();

const account = () => ({ account_number: `3333${10000 + state.records.size * 7 + count++}`, routing_number: '091000019', account_type_name: 'CHECKING' });
const create = (fields) => call('POST', '/micro_deposits', { micro_deposit: { ...PERSON, email: `josh${state.records.size}@example.com`, ...fields } }, 'Made').then(({ micro_deposit: { guid } }) => { location.hash = `#/microdeposits/${guid}`; });

const filter = () => Object.fromEntries(new FormData(find('#filter')));
const fits = ({ guid, status: own, account: number }, { status: wanted, find: text }) =>
	(!wanted || (own ?? 'deleted') === wanted) && (!text || guid.toLowerCase().includes(text.toLowerCase()) || number?.endsWith(text));

/** Where there are more than the page holds, the sandbox looks for them. */
const look = async () => {
	asked = undefined;
	const query = filter();
	if (state.more && (query.status || query.find)) {
		asked = await read(`state?${new URLSearchParams(query)}`);
	}
	update();
};

const commands = ({ client_id, user_id, api_key }) => [`export NEXUS_BASE_URL=${base.origin}`, `export NEXUS_CLIENT_ID=${client_id} NEXUS_USER_ID=${user_id}`, `export NEXUS_API_KEY=${api_key}`,
	'echo 333312345 | nexus create --first-name Josh --last-name James --email josh@example.com \\', '  --routing-number 091000019 --account-type checking --account-number-file -'].join('\n');

export const enter = () => {
	const main = show('microdeposits');
	find('[name=status]', main).append(...['PREINITIATED', 'INITIATED', 'REQUESTED', 'DEPOSITED', 'DENIED', 'VERIFIED', 'PREVENTED', 'ERRORED', 'REJECTED', 'CONFLICTED', 'deleted'].map((name) => make('option', {}, name)));
	find('#filter').oninput = look;
	find('#filter').onsubmit = (event) => event.preventDefault();
	find('#new').onclick = () => create(account());
	find('#pre').onclick = () => create();
	credentials().then((own) => put(find('main pre'), commands(own)));
	asked = undefined;
	told = new Map();
};

export const open = (guid) => {
	detail.open(guid);
	for (const row of document.querySelectorAll('tbody tr')) row.className = row.dataset.guid === guid ? 'on' : '';
};

const fill = (row, record) => {
	const { guid, attempts, shown, account: number, updated_at, next } = record;
	if (told.get(guid) === record) return;
	if (told.has(guid) && told.get(guid).status !== record.status) {
		row.classList.remove('fresh');
		row.offsetWidth;
		row.classList.add('fresh');
		speak(`${guid.slice(0, 8)} is ${record.status ?? 'deleted'}`);
	}
	told.set(guid, record);
	cells(row, [make('a', { href: `#/microdeposits/${guid}`, 'data-row': guid, title: guid }, `${guid.slice(0, 12)}…`), status(record.status), shown ?? '-', number ?? '-', `${attempts}/3`, time(updated_at, state.now), next ? `${next.what} ${time(next.at, state.now)}` : '-']);
};

export const update = () => {
	const all = asked?.microdeposits ?? [...state.records.values()].filter((record) => fits(record, filter()));
	const hidden = asked ? asked.not_shown : state.more;
	keep(find('tbody'), all.toReversed(), ({ guid }) => guid, ({ guid }) => make('tr', { 'data-guid': guid }), fill);
	put(find('#more'), hidden ? `and ${hidden} older ones; the filter finds them` : '');
	find('.empty').hidden = state.records.size > 0;
	find('main .scroll').hidden = !state.records.size;
	detail.update();
};
