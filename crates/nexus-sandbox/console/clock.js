// The virtual clock and its buttons.
import { act } from './api.js';
import { $, ask, button, h, put, speak, time } from './dom.js';
import { state } from './live.js';
import { nextEvent } from './state.js';

const advance = (body) => act('POST', 'advance', body, 'The clock has moved').then(({ now }) => speak(`It is ${time(now)}`));
const later = (change) => {
	const date = new Date(state.now);
	change(date);
	return advance({ to: date.toISOString() });
};
const refresh = () => later((date) => date.setUTCMinutes(date.getUTCMinutes() < 15 ? 15 : 75, 0, 0));
const businessDay = () => later((date) => {
	do date.setUTCDate(date.getUTCDate() + 1); while (date.getUTCDay() % 6 === 0);
});
const choose = async () => {
	const given = await ask('Move the clock', 'Move', h('label', 'To, UTC ', h('input', { name: 'to', value: state.now, size: 26 })));
	if (given) await advance(given);
};

export const minutes = () => advance({ seconds: 120 });
export const next = () => {
	const event = nextEvent(state);
	if (event) advance({ to: event.at });
};
const nextButton = button('', next);

export const draw = () => $('#clock').append(button('+2 min', minutes), button('+1 h', () => advance({ seconds: 3600 })), button('Next :15', refresh, { title: 'When lists catch up' }), nextButton, button('+1 business day', businessDay, { title: 'Skips weekends, not holidays' }), button('To…', choose));

export const update = () => {
	put($('time'), time(state.now));
	const event = nextEvent(state);
	nextButton.disabled = !event;
	put(nextButton, `Next event: ${event ? `${event.what} ${time(event.at, state.now)}` : 'none'}`);
};
