// What callers have asked, and what they were told.
import { base, curl, DATA } from './api.js';
import { $, button, cells, copy, fold, h, json, keep, link, put, show, time } from './dom.js';
import { state } from './live.js';

const PATHS = { create: 'POST /micro_deposits', list: 'GET /micro_deposits', read: 'GET /micro_deposits/', verify: 'PUT /micro_deposits/' };

const asCurl = ({ method, path, operation, guid, body }) => {
	const [verb, way] = method ? [method, path] : (PATHS[operation] ?? 'GET /').split(' ');
	return curl(verb, way.endsWith('/') && guid ? way + guid : way, { 'MD-SESSION-TOKEN': '…', Accept: DATA, 'Content-Type': DATA }, body && JSON.stringify(body));
};

export const enter = () => {
	show('requests');
	put($('main code'), base.origin);
};

const row = (one) => {
	const { id, at, method, path, operation, status, fault, guid, delivery, why } = one;
	const more = fold('Body', h('pre', { tabIndex: 0 }, json(one)), button('As curl', () => copy(asCurl(one))));
	more.firstChild.dataset.row = id;
	const line = cells(h('tr'), [`${id}`, time(at, state.now), operation ?? `${method ?? ''} ${path ?? 'unknown path'}`, `${status ?? 'reset'}${delivery === 'whole' ? '' : ` (${delivery})`}`, why && Object.values(why).filter(Boolean).join('; '), fault && `${fault}`, guid ? link(guid) : '-', more]);
	line.cells[4].className = 'wide';
	return line;
};

export const update = () => {
	const all = [...state.requests.values()];
	$('.empty').hidden = all.length;
	$('.scroll').hidden = !all.length;
	keep($('tbody'), all.toReversed(), ({ id }) => id, row);
};
