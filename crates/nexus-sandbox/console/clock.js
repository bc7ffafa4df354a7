// The virtual clock and its buttons.
import { act } from './api.js';
import { ask, button, find, make, put, speak, time } from './dom.js';
import { state } from './live.js';
import { nextEvent } from './state.js';

const advance = (body) => act('POST', 'advance', body, 'The clock has moved').then(({ now }) => speak(`It is ${time(now)}`));
const to = (moment) => advance({ to: moment.toISOString() });
const now = () => new Date(state.now);

const refresh = () => {
	const next = now();
	next.setUTCHours(next.getUTCHours() + (next.getUTCMinutes() >= 15 ? 1 : 0), 15, 0, 0);
	return to(next);
};

const businessDay = () => {
	const next = now();
	do next.setUTCDate(next.getUTCDate() + 1); while (next.getUTCDay() % 6 === 0);
	return to(next);
};

const choose = async () => {
	const field = make('input', { name: 'to', value: state.now, size: 26, required: true });
	const values = await ask('Move the clock to', [make('label', {}, 'Time, UTC ', field)], 'Move');
	if (values) await advance({ to: values.to });
};

export const minutes = () => advance({ seconds: 120 });
export const next = () => {
	const event = nextEvent(state);
	if (event) return advance({ to: event.at });
};

const nextButton = button('', next);

export const draw = () => find('#clock').append(
	button('+2 min', minutes), button('+1 h', () => advance({ seconds: 3600 })), button('Next :15', refresh, { title: 'When lists catch up' }),
	nextButton, button('+1 business day', businessDay, { title: 'Weekends are skipped, holidays are not' }), button('To…', choose),
);

export const update = () => {
	put(find('#now'), `${state.now.slice(0, 10)} ${state.now.slice(11, 19)} UTC`);
	const event = nextEvent(state);
	nextButton.disabled = !event;
	put(nextButton, event ? `Next event: ${event.what} ${time(event.at, state.now)}` : 'Next event: none');
};
