// Beside the widget, where it is opened alone: events, clock, bank statement.

import { call } from './api.js';
import { find, make, seen } from './dom.js';

/** Lists an event; `lost` marks it as hardly seen. */
export const note = (type, { user_guid, session_guid, ...rest }) => {
	const line = make('li', {}, make('b', { textContent: type }), Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : '');
	if (window === top) find('#events').append(line);
	return { type, lost: () => line.append(make('em', { textContent: ' probably lost' })) };
};

export const about = (record, admin) =>
	Object.assign(find('#statement'), { hidden: !record, href: `${admin}/deposits/${record?.guid}` });

export const open = (told, admin, look) => {
	find('aside').hidden = window !== top;
	find('#heard').textContent = told;
	find('#later').onclick = async () => {
		const { now } = await call('POST', `${admin}/advance`, { seconds: 120 });
		find('#clock').textContent = `${now} ${await look()}`;
		seen();
	};
};
