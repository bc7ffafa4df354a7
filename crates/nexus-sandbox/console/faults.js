// Faults of requests and of webhooks; their forms are made of the OpenAPI document.
import { act, has, openapi } from './api.js';
import { $, button, fold, h, keep, onSubmit, put, show } from './dom.js';
import { state } from './live.js';

const HOOKS = 'webhooks/faults';
const PRESETS = { 'Slow bank': ['faults', { effect: 'delay', milliseconds: 2000 }], 'Flaky network': ['faults', { effect: 'reset_after', probability: 0.2 }], 'Lost webhook': [HOOKS, { effect: 'drop', nth: 1 }] };

export const told = ({ id, effect, hits, seen, ...rest }) => {
	const given = Object.entries(rest).filter(([, value]) => value != null).map(([name, value]) => ` ${name} ${value}`);
	return `${effect}${given.join('')}, ${hits} hit${hits === 1 ? '' : 's'}`;
};

const arm = (path, fault) => act('POST', path, fault, 'Armed');

const form = (title, path, { properties, required = [] }) => {
	const fields = Object.entries(properties).filter(([name]) => name !== 'comment').map(([name, { enum: values, type, description }]) => {
		const given = { name, title: description ?? '', required: required.includes(name) };
		const input = values ? h('select', given, ...(given.required ? [] : [h('option')]), ...values.map((value) => h('option', value))) : h('input', { ...given, size: 8, type: type === 'boolean' ? 'checkbox' : 'text' });
		return h('label', `${name} `, input);
	});
	const whole = h('form', { className: 'card' }, h('h2', title), fields[0], fold('When, and how', h('div', { className: 'bar' }, ...fields.slice(1))), fold('What the effects do', properties.effect.description), h('button', 'Arm'));
	const typed = ([name, value]) => {
		const { type } = properties[name];
		return [name, type === 'boolean' || (/^(integer|number)$/.test(type) ? Number(value) : value)];
	};
	onSubmit(whole, (given) => arm(path, Object.fromEntries(Object.entries(given).map(typed))));
	return whole;
};

export const enter = async () => {
	show('faults');
	const { FaultRequest, WebhookFaultRequest } = (await openapi()).components.schemas;
	const hooks = await has(HOOKS);
	if (!$('#forms')) return;
	const presets = Object.entries(PRESETS).filter(([, [path]]) => hooks || path !== HOOKS);
	$('#presets').append(...presets.map(([name, preset]) => button(name, () => arm(...preset))));
	$('#forms').append(form('Requests', 'faults', FaultRequest), ...(hooks ? [form('Webhooks', HOOKS, WebhookFaultRequest)] : []));
};

export const update = () => {
	const all = [...state.faults.map((fault) => ({ path: 'faults', fault })), ...state.webhookFaults.map((fault) => ({ path: HOOKS, fault }))];
	keep($('#all'), all, ({ path, fault }) => `${path}/${fault.id}`, ({ path, fault }) => h('li', h('span'), ' ', button('Take out', () => act('DELETE', `${path}/${fault.id}`))), (item, { path, fault }) => put(item.firstChild, `${path === HOOKS ? 'webhook: ' : ''}${told(fault)}`));
};
