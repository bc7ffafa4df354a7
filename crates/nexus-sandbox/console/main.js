// The frame around the screens: which one is shown, the clock, the badge of faults, the state of the stream.
import { act, base, has, read } from './api.js';
import * as clock from './clock.js';
import { $, copy, h, put, speak } from './dom.js';
import * as faults from './faults.js';
import * as keys from './keys.js';
import { listen, state } from './live.js';
import * as microdeposits from './records.js';
import * as requests from './requests.js';
import * as scenarios from './scenarios.js';
import * as webhooks from './webhooks.js';
import * as world from './world.js';

const SCREENS = { microdeposits, requests, webhooks, scenarios, faults, state: world };
const COUNTS = { microdeposits: () => state.records.size + state.more, requests: () => state.requests.size, webhooks: () => state.deliveries.size, faults: () => armed().length };
const names = [];
const armed = () => [...state.faults, ...state.webhookFaults];
let shown;
let line;
/** Whether it is known which screens there are. */
let ready;

const title = (name) => name[0].toUpperCase() + name.slice(1);

const route = () => {
	const [, asked, arg] = location.hash.split('/').map(decodeURIComponent);
	const name = names.includes(asked) ? asked : names[0];
	document.title = `${title(name)} – Nexus sandbox`;
	for (const one of document.querySelectorAll('nav a')) one.ariaCurrent = one.hash === `#/${name}` ? 'page' : null;
	if (shown !== name) {
		SCREENS[name].enter();
		if (shown) $('main').focus();
		shown = name;
	}
	SCREENS[name].open?.(arg);
	SCREENS[name].update?.();
};

const changed = () => {
	if (!ready) return;
	clock.update();
	put($('#line'), state.line);
	$('#line').className = state.line === 'live' ? 'on' : '';
	for (const one of document.querySelectorAll('nav a')) put($('b', one), String(COUNTS[one.hash.slice(2)]?.() || ''));
	const all = armed();
	$('#armed').hidden = !all.length;
	put($('#armed b'), `! ${all.length} fault${all.length > 1 ? 's' : ''} armed: ${all.slice(0, 3).map(faults.told).join('; ')}`);
	if (line && line !== state.line) speak(state.line);
	line = state.line;
	if (shown) SCREENS[shown].update?.();
	else if (state.now) route();
	document.documentElement.dataset.seen = state.seen;
};

const tenants = async () => {
	const own = base.pathname.split('/t/')[1]?.slice(0, -1) ?? 'default';
	const { tenants: all } = await read('/_sandbox/tenants');
	$('#tenant').append(...all.map(({ name }) => h('option', { selected: name === own }, name)));
};

// What was refused has been said.
addEventListener('unhandledrejection', (event) => event.preventDefault());
clock.draw();
listen(changed);
for (const name of Object.keys(SCREENS)) if (['microdeposits', 'state'].includes(name) || await has(name)) names.push(name);
$('nav ol').append(...names.map((name) => h('li', h('a', { href: `#/${name}` }, title(name), h('b')))));
keys.listen(names);
tenants();
$('#help').onclick = keys.help;
$('#armed button').onclick = async () => {
	if (state.faults.length) await act('DELETE', 'faults');
	if (state.webhookFaults.length) await act('DELETE', 'webhooks/faults');
};
$('#did button').onclick = () => copy($('#did code').textContent);
$('#skip').onclick = (event) => {
	event.preventDefault();
	$('main').focus();
};
$('#tenant').onchange = ({ target: { value } }) => { location.href = world.console_of(value); };
addEventListener('hashchange', route);
ready = true;
changed();
