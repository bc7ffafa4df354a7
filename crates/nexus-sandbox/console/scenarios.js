// Stories that the sandbox lives through.
import { act, read } from './api.js';
import { button, find, make, say, show, time } from './dom.js';

const run = async ({ name }, list) => {
	const told = await act('POST', `scenarios/${encodeURIComponent(name)}`, {}, 'Lived through');
	list.replaceChildren(...told.steps.map(({ text, at, done }) => make('li', {}, `${done ? '✓' : '×'} ${text} (${time(at)})`)), ...told.micro_deposits.map(({ guid, status }) => make('li', {}, make('a', { href: `#/microdeposits/${guid}` }, guid), ` ${status ?? 'deleted'}`)));
	say(told.as_promised ? 'It ended as promised' : 'It ended in another way than promised', !told.as_promised);
};

const card = (scenario) => {
	const list = make('ol', {}, ...scenario.steps.map((step) => make('li', {}, step)));
	return make('div', { className: 'card' }, make('h2', {}, scenario.title), make('p', {}, `Ends ${scenario.ends ?? 'deleted'}`), list, button(`Run ${scenario.name}`, () => run(scenario, list)));
};

export const enter = () => {
	show('scenarios');
	read('scenarios').then(({ scenarios }) => find('#stories')?.replaceChildren(...scenarios.map(card)));
};
export const update = () => {};
