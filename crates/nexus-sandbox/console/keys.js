// The keyboard: none of it inside fields, and all of it can be switched off.
import { minutes, next } from './clock.js';
import { $, ask, h } from './dom.js';

const OFF = 'nexus-keys-off';
const rows = () => [...document.querySelectorAll('[data-row]')].filter((row) => row.offsetParent);
const move = (by) => {
	const all = rows();
	const at = all.indexOf(document.activeElement);
	all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
};
const back = () => {
	const [, screen, arg] = location.hash.split('/');
	location.hash = `#/${screen}`;
	addEventListener('hashchange', () => rows().find(({ dataset }) => dataset.row === arg)?.focus(), { once: true });
};

export const help = () => {
	const box = h('input', { type: 'checkbox', checked: !localStorage[OFF], onchange: () => { localStorage[OFF] = box.checked ? '' : 'off'; } });
	ask('Keys', 'Close', h('dl', ...Object.entries({ '1 to 6': ['screens'], ...KEYS }).flatMap(([key, [what]]) => [h('dt', key), h('dd', what)])), h('label', box, ' Keys are on'));
};

const KEYS = {
	j: ['next row', () => move(1)], k: ['row before', () => move(-1)], Enter: ['open the row'], Escape: ['back to the row', back],
	n: ['next event', next], m: ['+2 min', minutes], '/': ['filter', () => $('main [type=search]')?.focus()],
	r: ['replay', () => $('[data-replay]', document.activeElement.closest('.card') ?? $('main'))?.click()],
	c: ['copy the curl', () => $('#did button').click()], '?': ['this list', help],
};

export const listen = (names) => addEventListener('keydown', (event) => {
	const { key, target } = event;
	if (event.ctrlKey || event.metaKey || event.altKey || $('dialog').open || localStorage[OFF]) return;
	if (target.matches('input, textarea, select')) return key === 'Escape' && target.blur();
	const screen = key >= '1' && key <= '6' && names[key - 1];
	const run = screen ? () => { location.hash = `#/${screen}`; } : KEYS[key]?.[1];
	if (!run) return;
	event.preventDefault();
	run();
});
