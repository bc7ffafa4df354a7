// What callers have asked and what they were told.
import { base, curl, DATA } from './api.js';
import { button, cells, copy, find, keep, make, put, show, time } from './dom.js';
import { state } from './live.js';

const PATHS = { create: 'POST /micro_deposits', preinitiate: 'POST /micro_deposits', list: 'GET /micro_deposits', read: 'GET /micro_deposits/{micro_deposit_guid}', verify: 'PUT /micro_deposits/{micro_deposit_guid}' };

const asCurl = ({ method, path, operation, guid, body }) => {
	const [verb, way] = method ? [method, path] : (PATHS[operation] ?? 'GET /').split(' ');
	return curl(verb, new URL(way.replace('{micro_deposit_guid}', guid), base), { 'MD-SESSION-TOKEN': '…', Accept: DATA, ...(body && { 'Content-Type': DATA }) }, body ? JSON.stringify(body) : undefined);
};

const why = (told) => (told ? [told.rule, told.policy && `policy ${told.policy}`, told.near && `near: ${told.near}`, told.message].filter(Boolean).join('; ') : '-');

export const enter = () => {
	show('requests');
	put(find('main code'), base.origin);
};

const row = (one) => {
	const { id, at, method, path, operation, status, fault, guid, delivery } = one;
	const more = make('details', {}, make('summary', { 'data-row': String(id) }, 'Body'), make('pre', { tabIndex: 0 }, JSON.stringify(one, null, 2)), button('Copy as curl', () => copy(asCurl(one))));
	const line = make('tr');
	const named = guid ? make('a', { href: `#/microdeposits/${guid}` }, guid.slice(0, 12)) : '-';
	cells(line, [String(id), time(at, state.now), operation ?? `${method ?? ''} ${path ?? 'unknown path'}`, `${status ?? 'reset'}${delivery === 'whole' ? '' : ` (${delivery})`}`, why(one.why), fault ? `fault ${fault}` : '-', named, more]);
	line.cells[4].className = 'wide';
	return line;
};

export const update = () => {
	const all = [...state.requests.values()];
	find('.empty').hidden = all.length > 0;
	find('main .scroll').hidden = !all.length;
	keep(find('tbody'), all.toReversed(), ({ id }) => id, row);
};
