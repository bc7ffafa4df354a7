// Stories that the sandbox lives through.
import { act, read } from './api.js';
import { $, button, h, link, say, show, time } from './dom.js';

const run = async ({ name }, list) => {
	const { steps, micro_deposits, as_promised } = await act('POST', `scenarios/${name}`, {});
	list.replaceChildren(...steps.map(({ text, at, done }) => h('li', `${done ? '✓' : '×'} ${text} (${time(at)})`)), ...micro_deposits.map(({ guid, status }) => h('li', link(guid), ` ${status ?? 'deleted'}`)));
	say(as_promised ? 'It ended as promised' : 'It did not end as promised', as_promised ? '' : 'bad');
};

export const enter = async () => {
	show('scenarios');
	const { scenarios } = await read('scenarios');
	$('#stories')?.append(...scenarios.map((one) => {
		const list = h('ol', ...one.steps.map((step) => h('li', step)));
		return h('div', { className: 'card' }, h('h2', one.title), `Ends ${one.ends ?? 'deleted'}.`, list, button(`Run ${one.name}`, () => run(one, list), { 'data-row': one.name }));
	}));
};
