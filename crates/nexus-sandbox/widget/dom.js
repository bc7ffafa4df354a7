// Views from the templates, and the errors of their forms. Text is only set as text.

import { check } from './rules.js';

export const find = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(`main ${selector}`)];
const page = document.documentElement.dataset;

export const make = (name, properties, ...children) => {
	const element = Object.assign(document.createElement(name), properties);
	element.append(...children);
	return element;
};

export const speak = (text) => { find('#spoken').textContent = text; };

/** One more action has been carried out, and shows. */
export const seen = () => { page.seen = Number(page.seen) + 1; };

/** Shows a view, which may speak of a `name`; `actions` are what its buttons do. */
export const show = (view, { name, actions, values = {}, back, fill } = {}) => {
	find('main').replaceChildren(find(`#${view}`).content.cloneNode(true));
	page.view = view;
	speak('');
	for (const place of all('b')) place.textContent = name;
	for (const button of all('button')) {
		button.onclick = actions?.[button.dataset.do];
		button.dataset.test ??= `${button.textContent.toLowerCase()}-button`;
	}
	for (const radio of all('[type=radio]')) radio.checked = radio.value === (values[radio.name] ?? 'CHECKING');
	for (const field of all('label > input:not([type=radio])')) {
		const { name: id, parentNode: label } = field;
		Object.assign(field, { id, autocomplete: 'off', value: values[id] ?? '', ariaRequired: 'rules' in field.dataset });
		field.dataset.test ??= `${id.replace('deposit_', '').replaceAll('_', '-')}-input`;
		field.setAttribute('aria-describedby', `${id}-wrong`);
		label.htmlFor = id;
		label.after(field, make('p', { id: `${id}-wrong`, className: 'wrong' }));
	}
	for (const form of all('form')) {
		form.noValidate = true;
		form.setAttribute('aria-describedby', 'summary');
		form.prepend(make('p', { id: 'summary', className: 'alert', hidden: true }));
	}
	Object.assign(find('#back'), { hidden: !back, onclick: back });
	fill?.();
	const heading = find('h1');
	heading.tabIndex = -1;
	heading.focus();
	scrollTo(0, 0);
	seen();
};

/** What is wrong, above the form. */
export const alarm = (text, hidden = !text) => {
	Object.assign(find('#summary'), { textContent: text, hidden });
	speak(text);
};

const mark = (field, text = '', rule = '') => {
	field.nextSibling.textContent = text;
	field.nextSibling.dataset.rule = rule;
	field.ariaInvalid = Boolean(text);
};

/** Why the sandbox refused a field. */
export const refuse = (field, text) => {
	mark(field, text);
	speak(text);
	field.focus();
	seen();
};

/** Calls `next` with the form's values, once they keep the rules. */
export const onSubmit = (next) => {
	const [form] = all('form');
	const [button] = all('form > button');
	form.onsubmit = async (event) => {
		event.preventDefault();
		if (button.disabled) return;
		const values = Object.fromEntries(new FormData(form));
		const wrong = all('[data-rules]').filter((field) => {
			const found = check(field.labels[0].textContent, field.value, field.dataset.rules, values);
			mark(field, found?.text, found?.rule);
			return found;
		});
		alarm(wrong.map((field) => field.nextSibling.textContent).join(' '), wrong.length < 2);
		if (wrong.length) {
			wrong[0].focus();
			return seen();
		}
		const { textContent } = button;
		Object.assign(button, { disabled: true, textContent: button.dataset.busy ?? textContent });
		await next(values);
		Object.assign(button, { disabled: false, textContent });
	};
};

/** A line of a list, with a button where it can be changed. */
export const row = (label, value, onclick) => {
	const button = { type: 'button', className: 'plain', textContent: 'Edit', ariaLabel: `Edit ${label}`, onclick };
	const shown = make('dd', {}, make('span', { textContent: value || '-' }), ...(onclick ? [make('button', button)] : []));
	const line = make('div', {}, make('dt', { textContent: label }), shown);
	line.dataset.test = `${label.toLowerCase().replace(' and', '').replaceAll(' ', '-')}-row`;
	return line;
};
