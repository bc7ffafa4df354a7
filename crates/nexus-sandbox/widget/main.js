// The widget's steps and views, and the events between them (domain.md 9.2 to 9.4).

import { call } from './api.js';
import { alarm, find, make, onSubmit, refuse, row, seen, show, speak } from './dom.js';
import { hosts, speaker } from './events.js';
import { about, note, open } from './panel.js';

const TYPES = { CHECKING: 'Checking', SAVINGS: 'Savings' };
// How often, and how many milliseconds apart, MX's widget looks.
const [FIRST_LOOKS, LATER_LOOKS] = [[3, 2000], [6, 3000]];

let settings, speech, step;
let record; // The microdeposit, if there is one.
let details = {}; // Entered, not submitted.
let editing; // One row of the review.

const tell = (name, metadata) => speech.send(name, { ...settings.who, ...metadata });
const say = (name, metadata) => tell(`connect/${name}`, metadata);
const sayOfIt = (name, metadata = { microdeposit_guid: record.guid }) => say(`microdeposits/${name}`, metadata);
const goTo = (current) => {
	say('stepChange', step ? { previous: step, current } : { current });
	step = current;
};
const hold = (next) => {
	about(next, settings.admin);
	return record = next;
};

/** Carries out an action, or says why not. */
const tried = (action) => async (given) => {
	try {
		await action(given);
	} catch (error) {
		console.error(error);
		const retry = tried(() => action(given));
		show({ 401: 'unknown', 404: 'missing' }[error.status] ?? 'offline', { actions: { retry } });
	}
};

/** A call whose refusal a view tells. */
const attempt = async (asked, tellRefusal) => {
	try {
		return await asked;
	} catch (error) {
		if (!error.status || error.status === 401) throw error;
		return tellRefusal(error);
	}
};

const backTo = (action) => tried(() => {
	say('backButtonClicked');
	return action();
});

const choices = (institutions, choose) => find('ul').replaceChildren(...institutions.map((institution) =>
	make('li', {}, make('button', { textContent: institution.name, onclick: tried(() => choose(institution)) }))));

const search = () => {
	if (!settings.searches) return show('closing');
	let timer;
	const list = (query) => {
		const found = settings.institutions.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
		choices(found, (institution) => {
			say('selectedInstitution', institution);
			return signInAt(institution);
		});
		find('#none').hidden = found.length;
		speak(query && `Institutions found: ${found.length}`);
	};
	show('search', { actions: { manual: tried(() => enter(true)) }, fill: () => list('') });
	find('#query').oninput = ({ target: { value: query } }) => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			say('institutionSearch', { query });
			list(query);
			seen();
		}, 300);
	};
};

const backToSearch = () => {
	if (settings.searches) goTo('search');
	search();
};
const wayOut = () => settings.searches && backTo(backToSearch);

/** Done with it, as these events tell. */
const finish = (...events) => () => {
	for (const event of events) say(...event);
	hold();
	details = {};
	editing = false;
	backToSearch();
};

const signInAt = async ({ code, guid, name }) => {
	const ask = async (path) => {
		const told = await call('POST', path, { guid });
		if (told.deleted) hold();
		return told;
	};
	await ask('institution');
	if (step !== 'enterCreds') goTo('enterCreds');
	const signIn = async () => {
		say('enterCredentials', { institution: { code, guid } });
		goTo('connecting');
		const { member_guid } = await ask('member');
		say('memberStatusUpdate', { member_guid, connection_status: 6 });
		say('memberConnected', { member_guid });
		goTo('connected');
		show('connected', { name, actions: { done: finish(['connected/primaryAction']) } });
	};
	show('enterCreds', { name, actions: { signIn: tried(signIn) }, back: wayOut() });
};

const look = async (how = '') => hold((await call('GET', `microdeposit${how}`)).micro_deposit);
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Looks as MX's widget does, until the status changes. */
const lookOften = async ([times, apart], before) => {
	hold(before);
	for (let count = 0; count < times && record.status === before.status; count += 1) {
		await pause(apart);
		await look('?shown');
	}
};

const byStatus = () => ({ routingNumber, comeBack, verifyDeposits, verified, errors })[record.view]();

const enter = async (moves) => {
	const loaded = (initial_step) => sayOfIt('loaded', { initial_step });
	const known = record;
	if (!known) loaded('routingNumber');
	if (moves) goTo('microdeposits');
	if (!known) return routingNumber();
	if (settings.waits) {
		show('verifying');
		const before = await look('?shown');
		await look();
		await lookOften(FIRST_LOOKS, before);
	} else await look();
	loaded(record.view);
	byStatus();
};

const routingNumber = () => {
	show('routingNumber', { values: details, back: editing ? backTo(confirmDetails) : wayOut() });
	onSubmit(tried(async ({ routing_number }) => {
		const field = find('#routing_number');
		const told = await attempt(call('POST', 'routing_number', { routing_number }), ({ message }) =>
			refuse(field, `It could not be checked (${message}).`));
		if (!told) return;
		const { reason, institutions } = told;
		if (reason) sayOfIt('blockedRoutingNumber', { routing_number, reason });
		if (reason && reason !== 'IAV_PREFERRED') return refuse(field, 'This bank cannot be verified by microdeposits.');
		details.routing_number = routing_number;
		const manual = editing ? confirmDetails : howItWorks;
		const fill = () => choices(institutions, signInAt);
		if (!institutions.length) manual();
		else show('sharedRoutingNumber', { actions: { manual }, back: backTo(routingNumber), fill });
	}));
};

const howItWorks = () => show('howItWorks', { actions: { next: accountInfo }, back: backTo(routingNumber) });

const form = (name, before, next) => {
	show(name, { values: details, back: backTo(editing ? confirmDetails : before) });
	onSubmit((values) => {
		Object.assign(details, values);
		(editing ? confirmDetails : next)();
	});
};
const asksPerson = () => record?.status !== 9 || !record.has_person;
const accountInfo = () => form('accountInfo', howItWorks, asksPerson() ? personalInfo : confirmDetails);
const personalInfo = () => form('personalInfo', accountInfo, confirmDetails);

const accountRows = ({ account_type_name, routing_number }, number, change) => [
	row('Routing number', routing_number, change?.(routingNumber)),
	row('Account type', TYPES[account_type_name], change?.(accountInfo)),
	row('Account number', number, change?.(accountInfo)),
];

const confirmDetails = () => {
	editing = false;
	const { first_name, last_name, email, account_number } = details;
	const change = (view) => () => {
		editing = true;
		view();
	};
	const person = asksPerson();
	const rows = [
		row('First and last name', `${first_name} ${last_name}`, change(personalInfo)),
		row('Email', email, change(personalInfo)),
		...accountRows(details, account_number, change),
	];
	const fill = () => find('dl').append(...rows.slice(person ? 0 : 2));
	show('confirmDetails', { back: backTo(person ? personalInfo : accountInfo), fill });
	onSubmit(tried(async () => {
		const made = await attempt(call('POST', 'microdeposit', details), () => errors(details));
		if (!made) return;
		hold(made.micro_deposit);
		details = {};
		sayOfIt('detailsSubmitted');
		byStatus();
	}));
};

const comeBack = () => {
	const { guid: microdeposit_guid, account_name: name } = record;
	const done = finish(['microdeposits/comeBack/primaryAction', { microdeposit_guid }], ['backToSearch']);
	show('comeBack', { name, actions: { done }, back: wayOut() });
};

const verifyDeposits = () => {
	show('verifyDeposits', { name: record.account_name, back: wayOut() });
	if (record.status === 5) alarm('An amount was incorrect, or both. Look again.');
	onSubmit(tried(async (given) => {
		const before = record;
		const told = await attempt(call('PUT', 'microdeposit', given), () => {
			alarm('The sandbox was unable to submit this.');
			seen();
		});
		if (!told) return;
		hold(told.micro_deposit);
		const isOut = () => record.status !== before.status || (record.status === 5 && record.judged !== before.judged);
		if (settings.waits) {
			show('verifying');
			await lookOften(LATER_LOOKS, before);
			// MX's widget waits for ever then.
			if (record.status === before.status && record.status !== 5) return;
		} else if (!isOut()) {
			show('verifying');
			while (await look(), !isOut()) await pause(1000);
		}
		byStatus();
	}));
};

const verified = () => {
	sayOfIt('verified');
	show('verified', { actions: { done: finish(['microdeposits/verified/primaryAction'], ['backToSearch']) } });
};

/** A microdeposit that failed, or a refused account. */
const errors = (account) => {
	const { guid, status_name: status } = account ? {} : record;
	const shown = account ?? record;
	const prevented = status === 'PREVENTED';
	const told = [['microdeposits/error/primaryAction', { status, guid }], ['backToSearch']];
	const edits = account || status === 'ERRORED';
	const edit = () => {
		if (!account) hold();
		routingNumber();
	};
	show('errors', {
		actions: { primary: edits ? edit : finish(...(prevented || status === 'REJECTED' ? told : [])), other: finish() },
		back: wayOut(),
		fill: () => {
			find('h1').textContent = prevented ? 'Account not connected' : 'Something went wrong';
			find('#why').textContent = edits ? 'Look at the details again.' : prevented ? 'The amounts were wrong too often.' : 'Try again later.';
			find('[data-do=primary]').textContent = edits ? 'Edit details' : 'Continue';
			find('[data-do=other]').hidden = !edits;
			find('dl').append(...accountRows(shown, `•••• ${shown.account_number.slice(-4)}`));
		},
	});
};

// What the host asks for.
addEventListener('message', ({ data, source }) => {
	if (!settings || !hosts.includes(source)) return;
	let asked;
	try {
		asked = JSON.parse(data);
	} catch { /* It is no JSON. */ }
	if (asked?.type === 'ping') tell('ping');
	if (asked?.type !== 'mx/navigation' || asked.payload?.action !== 'back') return;
	const did_go_back = settings.goes_back && settings.searches && step !== 'search';
	if (did_go_back) backToSearch();
	tell('navigation', { did_go_back });
});

const begin = async () => {
	settings = await call('POST', 'start');
	const { micro_deposit, verifies, missing, institution, searches } = settings;
	speech = speaker(settings, note);
	open(speech.told, settings.admin, async () => (record ? (await look()).status_name : ''));
	hold(micro_deposit ?? undefined);
	speech.send('load', {});
	if (!verifies) return show('modeNotEnabled');
	if (missing) return show('missing');
	const within = record && record.status !== 9;
	// It begins with the search, even where it stands in a microdeposit.
	goTo(institution ? 'enterCreds' : searches || within ? 'search' : 'microdeposits');
	if (within && !institution) step = 'microdeposits';
	say('loaded', { initial_step: step });
	if (institution) return signInAt(institution);
	return step === 'search' ? search() : enter();
};

if (document.documentElement.dataset.bearer) tried(begin)();
else show('gone');
