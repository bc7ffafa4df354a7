// The frame around the screens: which one is shown, the clock, the badge of faults, the state of the stream.
import { act, base, has, read } from './api.js';
import * as clock from './clock.js';
import { copy, find, make, put, speak } from './dom.js';
import * as faults from './faults.js';
import * as keys from './keys.js';
import { listen, onChange, state } from './live.js';
import * as records from './records.js';
import * as requests from './requests.js';
import * as scenarios from './scenarios.js';
import * as webhooks from './webhooks.js';
import * as world from './world.js';

const SCREENS = {
	microdeposits: { title: 'Microdeposits', screen: records, count: () => state.records.size + state.more },
	requests: { title: 'Requests', screen: requests, count: () => state.requests.size },
	webhooks: { title: 'Webhooks', screen: webhooks, count: () => state.deliveries.size, needs: 'webhooks' },
	scenarios: { title: 'Scenarios', screen: scenarios, needs: 'scenarios' },
	faults: { title: 'Faults', screen: faults, count: () => state.faults.length + state.webhookFaults.length },
	state: { title: 'State', screen: world },
};
let shown;
let names = [];

const route = () => {
	const [, asked, arg] = location.hash.split('/').map(decodeURIComponent);
	const name = names.includes(asked) ? asked : names[0];
	const { screen, title } = SCREENS[name];
	document.title = `${title} – Nexus sandbox`;
	for (const link of find('#screens').querySelectorAll('a')) link.ariaCurrent = link.dataset.screen === name ? 'page' : null;
	if (shown !== name) {
		screen.enter();
		// Not at the first time: the page begins where the browser puts the focus.
		if (shown) find('main').focus();
		shown = name;
	}
	screen.open?.(arg);
	screen.update();
};

const frame = () => {
	clock.update();
	put(find('#line'), state.line);
	find('#line').className = `dot ${state.line === 'live' ? 'on' : ''}`;
	for (const name of names) {
		const count = SCREENS[name].count?.();
		put(find(`[data-screen=${name}] b`), count ? String(count) : '');
	}
	const armed = [...state.faults, ...state.webhookFaults];
	find('#armed').hidden = !armed.length;
	put(find('#armed span'), `! ${armed.length} fault${armed.length === 1 ? '' : 's'} armed: ${armed.slice(0, 3).map(faults.told).join('; ')}`);
};

const clear = () => Promise.all([state.faults.length && act('DELETE', 'faults'), state.webhookFaults.length && act('DELETE', 'webhooks/faults')]);

const tenants = async () => {
	const { tenants: all } = await read('/_sandbox/tenants');
	const own = base.pathname.split('/t/')[1]?.split('/')[0] ?? 'default';
	find('#tenant').replaceChildren(...all.map(({ name }) => make('option', { value: name, textContent: name, selected: name === own })));
};

const begin = async () => {
	for (const [name, { needs }] of Object.entries(SCREENS)) if (!needs || await has(needs)) names.push(name);
	find('#screens').append(...names.map((name) => make('li', {}, make('a', { href: `#/${name}`, 'data-screen': name }, SCREENS[name].title, ' ', make('b')))));
	clock.draw();
	keys.listen(() => names);
	find('#help').onclick = keys.help;
	find('#armed button').onclick = clear;
	find('#did button').onclick = () => copy(find('#did code').textContent);
	find('#skip').onclick = (event) => {
		event.preventDefault();
		find('main').focus();
	};
	find('#tenant').onchange = ({ target }) => { location.href = target.value === 'default' ? '/_sandbox/console/' : `/_sandbox/t/${target.value}/console/`; };
	addEventListener('hashchange', route);
	// What was refused has been said; nothing else may go wrong unseen.
	addEventListener('unhandledrejection', (event) => event.preventDefault());
	let line;
	onChange(() => {
		frame();
		if (!shown) route();
		else SCREENS[shown].screen.update();
		if (line !== state.line && line) speak(state.line);
		line = state.line;
	});
	listen();
	tenants();
};

begin();
