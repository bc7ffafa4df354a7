// Faults of requests and of webhooks; the forms are made of the OpenAPI document.
import { act, has, openapi } from './api.js';
import { button, find, keep, make, put, show } from './dom.js';
import { state } from './live.js';

const PRESETS = [['Slow bank', 'faults', { effect: 'delay', milliseconds: 2000 }], ['Flaky network', 'faults', { effect: 'reset_after', probability: 0.2 }], ['Lost webhook', 'webhooks/faults', { effect: 'drop', nth: 1 }]];
const WORDS = ['id', 'effect', 'operation', 'hits', 'seen'];

export const told = (fault) => {
	const rest = Object.entries(fault).filter(([name, value]) => value != null && !WORDS.includes(name)).map(([name, value]) => `${name} ${value}`);
	return `${[fault.effect, ...rest].join(' ')}${fault.operation ? ` on ${fault.operation}` : ''}, ${fault.hits} hit${fault.hits === 1 ? '' : 's'}`;
};

const arm = (path, fault) => act('POST', path, fault, 'Armed');

const field = (name, { enum: values, type, description = '' }, required) => {
	const properties = { name, title: description, required };
	let input = make('input', { ...properties, autocomplete: 'off', size: 12 });
	if (values) input = make('select', properties, ...(required ? [] : [make('option', { value: '' }, '–')]), ...values.map((value) => make('option', {}, value)));
	if (type === 'boolean') input = make('input', { ...properties, type: 'checkbox' });
	else if (type !== 'string' && !values) Object.assign(input, { inputMode: 'decimal', size: 6 });
	return make('label', {}, `${name} `, input);
};

const form = (title, path, { properties, required = [] }) => {
	const fields = Object.entries(properties).filter(([name]) => name !== 'comment');
	const inputs = fields.map(([name, schema]) => field(name, schema, required.includes(name)));
	const more = make('details', {}, make('summary', {}, 'When, and details'), make('div', { className: 'bar' }, ...inputs.slice(1)));
	const help = make('details', {}, make('summary', {}, 'What the effects do'), make('p', {}, properties.effect.description));
	const made = make('form', { className: 'card' }, make('h2', {}, title), inputs[0], more, help, make('button', {}, 'Arm'));
	made.onsubmit = (event) => {
		event.preventDefault();
		const given = [...new FormData(made)].filter(([, value]) => value !== '');
		arm(path, Object.fromEntries(given.map(([name, value]) => {
			const { type } = properties[name];
			return [name, type === 'boolean' ? true : ['integer', 'number'].includes(type) ? Number(value) : value];
		})));
	};
	return made;
};

export const enter = async () => {
	show('faults');
	const { components: { schemas } } = await openapi();
	const webhooks = await has('webhooks/faults');
	if (!find('#presets')) return;
	find('#presets').replaceChildren(...PRESETS.filter(([, path]) => webhooks || path === 'faults').map(([name, path, fault]) => button(name, () => arm(path, fault))));
	find('#forms').replaceChildren(form('Requests', 'faults', schemas.FaultRequest), ...(webhooks ? [form('Webhooks', 'webhooks/faults', schemas.WebhookFaultRequest)] : []));
};

export const update = () => {
	const all = [...state.faults.map((fault) => ['faults', fault]), ...state.webhookFaults.map((fault) => ['webhooks/faults', fault])];
	keep(find('#all'), all, ([path, { id }]) => path + id, ([path, { id }]) => make('li', {}, make('span'), ' ', button('Take out', () => act('DELETE', `${path}/${id}`))), (item, [path, fault]) => put(item.firstChild, `${path === 'faults' ? '' : 'webhook: '}${told(fault)}`));
};
