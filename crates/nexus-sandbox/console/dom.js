// Elements, tables and the dialog. Text is only ever set as text.

export const find = (selector, root = document) => root.querySelector(selector);

export const make = (name, properties = {}, ...children) => {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(properties)) {
		if (key in element) element[key] = value;
		else element.setAttribute(key, value);
	}
	element.append(...children);
	return element;
};

export const button = (textContent, onclick, more) => make('button', { type: 'button', textContent, onclick, ...more });

/** Sets text only where it differs, so that nothing is drawn or spoken again. */
export const put = (element, text) => {
	if (element.textContent !== text) element.textContent = text;
};

export const show = (name) => {
	find('main').replaceChildren(find(`#${name}`).content.cloneNode(true));
	return find('main');
};

/** Keeps one element for each item, in this order; `fill` sets what may change. What has the focus keeps it. */
export const keep = (parent, items, key, create, fill) => {
	const old = (parent.kept ??= new Map());
	const kept = new Map();
	let place = parent.firstChild;
	for (const item of items) {
		const element = old.get(key(item)) ?? create(item);
		kept.set(key(item), element);
		old.delete(key(item));
		fill?.(element, item);
		if (element === place) place = place.nextSibling;
		else parent.insertBefore(element, place);
	}
	for (const element of old.values()) element.remove();
	parent.kept = kept;
};

/** Fills the cells of a row: texts, or elements that are made once. */
export const cells = (row, texts) => {
	texts.forEach((text, index) => {
		const cell = row.cells[index] ?? row.insertCell();
		if (text instanceof Node) cell.firstChild ?? cell.append(text);
		else put(cell, text ?? '-');
	});
};

let last = 0;
let waiting;
/** For screen readers, once a second at most. */
export const speak = (text) => {
	clearTimeout(waiting);
	waiting = setTimeout(() => {
		last = Date.now();
		put(find('#spoken'), text);
	}, Math.max(0, last + 1000 - Date.now()));
};

export const say = (text, bad) => {
	put(find('#said'), text);
	find('#said').className = bad ? 'bad' : '';
};

/** Asks; gives the form's values, or nothing. */
export const ask = (title, body, yes = 'Yes') => new Promise((done) => {
	const dialog = find('dialog');
	const form = find('form', dialog);
	put(find('#asks'), title);
	put(find('#yes'), yes);
	find('div', form).replaceChildren(...body);
	dialog.returnValue = '';
	dialog.onclose = () => done(dialog.returnValue && Object.fromEntries(new FormData(form)));
	dialog.showModal();
});

export const copy = (text) => navigator.clipboard.writeText(text).then(() => say('Copied'), () => say('The browser does not let this page copy', true));

/** A time with seconds and zone; the day where it is another than the clock's. */
export const time = (at, now = '') => {
	if (!at) return '-';
	const [day, hour] = [at.slice(0, 10), `${at.slice(11, 19)} UTC`];
	return day === now.slice(0, 10) ? hour : `${day} ${hour}`;
};

const SHAPES = { VERIFIED: '✓', DEPOSITED: '◆', DENIED: '!', PREVENTED: '■', ERRORED: '×', REJECTED: '×', CONFLICTED: '≠', PREINITIATED: '○', INITIATED: '◔', REQUESTED: '◑' };
export const status = (name) => (name ? `${SHAPES[name] ?? '•'} ${name}` : '– deleted');
