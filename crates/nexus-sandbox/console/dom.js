// Elements, tables and the dialog. Text is only ever set as text.

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element: name, maybe properties, children. */
export const h = (name, ...given) => {
	const element = document.createElement(name);
	const plain = given[0]?.constructor === Object;
	for (const [key, value] of Object.entries(plain ? given.shift() : {})) {
		if (key in element) element[key] = value;
		else element.setAttribute(key, value);
	}
	element.append(...given);
	return element;
};

export const button = (text, onclick, more) => h('button', { type: 'button', onclick, ...more }, text);
export const link = (guid, more) => h('a', { href: `#/microdeposits/${guid}`, title: guid, ...more }, `${guid.slice(0, 12)}…`);
export const fold = (title, ...inside) => h('details', h('summary', title), ...inside);

/** Sets text only where it differs, so that nothing is drawn or spoken again. */
export const put = (element, text) => {
	if (element.textContent !== text) element.textContent = text;
};

export const show = (name) => $('main').replaceChildren($(`#${name}`).content.cloneNode(true));

/** One element for each item, in this order; `fill` sets what may change. What has the focus keeps it. */
export const keep = (parent, items, key, create, fill) => {
	const old = parent.kept ?? new Map();
	const kept = parent.kept = new Map();
	let place = parent.firstChild;
	for (const item of items) {
		const own = key(item);
		const element = old.get(own) ?? create(item);
		kept.set(own, element);
		old.delete(own);
		fill?.(element, item);
		if (element === place) place = place.nextSibling;
		else parent.insertBefore(element, place);
	}
	for (const element of old.values()) element.remove();
};

/** Fills a row: texts, or elements that are made once. */
export const cells = (row, texts) => {
	texts.forEach((text, index) => {
		const cell = row.cells[index] ?? row.insertCell();
		if (!(text instanceof Node)) put(cell, text ?? '-');
		else if (!cell.firstChild) cell.append(text);
	});
	return row;
};

let last = 0;
let timer;
/** For screen readers, once a second at most. */
export const speak = (text) => {
	clearTimeout(timer);
	timer = setTimeout(() => {
		last = Date.now();
		put($('#spoken'), text);
	}, last + 1000 - Date.now());
};

export const say = (text, className = '') => {
	put($('#said'), text);
	$('#said').className = className;
};

/** Asks; gives the form's values, or nothing. */
export const ask = (title, yes, ...body) => new Promise((done) => {
	const dialog = $('dialog');
	put($('#asks'), title);
	put($('[value=yes]', dialog), yes);
	$('div', dialog).replaceChildren(...body);
	dialog.returnValue = '';
	dialog.onclose = () => done(dialog.returnValue && Object.fromEntries(new FormData($('form', dialog))));
	dialog.showModal();
});

export const onSubmit = (form, next) => {
	form.onsubmit = (event) => {
		event.preventDefault();
		next(Object.fromEntries([...new FormData(form)].filter(([, value]) => value)));
	};
};

export const copy = (text) => navigator.clipboard.writeText(text).then(() => say('Copied'), () => say('The browser refused', 'bad'));

/** With seconds and zone; with the day where it is another than the clock's. */
export const time = (at, now = '') => {
	if (!at) return '-';
	const day = at.slice(0, 10);
	return `${day === now.slice(0, 10) ? '' : `${day} `}${at.slice(11, 19)} UTC`;
};

const SHAPES = { VERIFIED: '✓', DEPOSITED: '◆', DENIED: '!', PREVENTED: '■', ERRORED: '×', REJECTED: '×', CONFLICTED: '≠', PREINITIATED: '○', INITIATED: '◔', REQUESTED: '◑' };
export const STATUSES = [...Object.keys(SHAPES), 'deleted'];
export const mark = (status) => `${SHAPES[status] ?? '–'} ${status ?? 'deleted'}`;
export const json = (value) => JSON.stringify(value, null, 2);
