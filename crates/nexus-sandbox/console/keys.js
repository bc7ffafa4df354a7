// The keyboard: none of it inside fields, and all of it can be switched off.
import { minutes, next } from './clock.js';
import { ask, find, make } from './dom.js';

const KEYS = [
	['1 to 6', 'screens'], ['j, k', 'next, previous row'], ['Enter', 'open the row'], ['Esc', 'back to the row'], ['n', 'next event'],
	['m', 'two minutes on'], ['/', 'filter'], ['r', 'replay the delivery'], ['c', 'copy the last curl'], ['?', 'this list'],
];
const OFF = 'nexus-keys-off';
const off = () => localStorage.getItem(OFF) === 'yes';

export const help = () => {
	const list = make('dl', {}, ...KEYS.flatMap(([key, what]) => [make('dt', {}, make('kbd', {}, key)), make('dd', {}, what)]));
	const box = make('input', { type: 'checkbox', checked: !off(), onchange: () => localStorage.setItem(OFF, box.checked ? 'no' : 'yes') });
	return ask('Keys', [list, make('label', {}, box, ' Keys are on')], 'Close');
};

const rows = () => [...document.querySelectorAll('main [data-row]')].filter((row) => row.offsetParent);
const move = (by) => {
	const all = rows();
	const at = all.indexOf(document.activeElement);
	all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
};

const escape = () => {
	const [, screen, arg] = location.hash.split('/');
	if (!arg) return;
	location.hash = `#/${screen}`;
	setTimeout(() => rows().find((row) => row.dataset.row === arg)?.focus());
};

const DO = {
	j: () => move(1), k: () => move(-1), Escape: escape, n: next, m: minutes, '?': help,
	'/': () => find('main [type=search]')?.focus(),
	r: () => (document.activeElement.closest('[data-delivery]') ?? find('[data-delivery]'))?.querySelector('[data-replay]')?.click(),
	c: () => find('#did button').click(),
};

export const listen = (screens) => addEventListener('keydown', (event) => {
	const field = event.target.matches('input:not([type=checkbox]), textarea, select');
	if (event.ctrlKey || event.metaKey || event.altKey || find('dialog').open || (off() && event.key !== 'Escape')) return;
	if (field) {
		if (event.key === 'Escape') event.target.blur();
		return;
	}
	const screen = /^[1-6]$/.test(event.key) && screens()[event.key - 1];
	const run = screen ? () => { location.hash = `#/${screen}`; } : DO[event.key];
	if (!run) return;
	event.preventDefault();
	run();
});
