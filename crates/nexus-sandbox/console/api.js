// Calls of the sandbox. What a person does is shown as curl.
import { $, put, say } from './dom.js';

export const base = new URL('..', location.href);
export const DATA = 'application/vnd.mx.nexus.v1+json';
const SSO = 'application/vnd.moneydesktop.sso.v3+json';
const TYPE = 'Content-Type';
let access;
let described;

const quote = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
export const curl = (method, path, headers, body) => ['curl', '-X', method, ...Object.entries(headers).flatMap(([name, value]) => ['-H', quote(`${name}: ${value}`)]), ...(body ? ['-d', quote(body)] : []), quote(new URL(path, base).href)].join(' ');

const ask = async (method, path, headers, body) => {
	try {
		const response = await fetch(new URL(path, base), { method, headers, body });
		const { ok, status } = response;
		return { ok, status, told: await response.json().catch(() => undefined) };
	} catch (error) {
		say('No response: the sandbox has ended, or a fault met it', 'bad');
		throw error;
	}
};

const good = ({ ok, status, told }) => {
	if (ok) return told;
	const text = told?.error?.message ?? 'without a reason';
	say(`Refused with ${status}: ${text}`, 'bad');
	throw new Error(text);
};

export const read = async (path) => good(await ask('GET', path));

const did = (response, done, ...asked) => {
	put($('#did code'), curl(...asked));
	$('#did').hidden = false;
	const told = good(response);
	say(done);
	return told;
};

/** Does something by the admin interface. */
export const act = async (method, path, body, done = 'Done') => {
	const asked = [method, path, body ? { [TYPE]: 'application/json' } : {}, body && JSON.stringify(body)];
	return did(await ask(...asked), done, ...asked);
};

export const credentials = async () => (access ??= await read('access'));
export const forget = () => { access = undefined; };
export const openapi = async () => (described ??= await read('openapi.json'));
/** Whether this sandbox has the path. */
export const has = async (path) => `/_sandbox/${path}` in (await openapi()).paths;

const user = ({ client_id, user_id }) => `/${[client_id, 'users', user_id].map(encodeURIComponent).join('/')}`;

const session = async (own) => {
	const { told } = await ask('GET', `${user(own)}/api_token.json`, { 'MD-API-KEY': own.api_key, Accept: SSO });
	const opened = await ask('POST', '/sessions', { 'MD-API-TOKEN': told?.api_token?.token, [TYPE]: DATA, Accept: DATA }, '{"session":{"skip_aggregation":true}}');
	own.session_token = opened.told?.session?.token;
};

/** Calls the data API as the first user, in a new session where the old one has ended. */
export const call = async (method, path, body, done) => {
	const own = await credentials();
	const asked = () => [method, path, { 'MD-SESSION-TOKEN': own.session_token, Accept: DATA, [TYPE]: DATA }, JSON.stringify(body)];
	let response = await ask(...asked());
	if (response.status === 401) {
		await session(own);
		response = await ask(...asked());
	}
	return did(response, done, ...asked());
};

export const widget = async (guid) => {
	const own = await credentials();
	const asked = ['POST', `${user(own)}/urls.json`, { 'MD-API-KEY': own.api_key, Accept: SSO, [TYPE]: SSO }, JSON.stringify({ url: { type: 'connect_widget', mode: 'verification', ui_message_version: 4, current_microdeposit_guid: guid } })];
	const { url } = did(await ask(...asked), 'Opened', ...asked);
	open(url.url, '_blank');
};
