// Calls of the sandbox: each is shown as curl.
import { find, put, say } from './dom.js';

export const base = new URL('..', location.href);
export const DATA = 'application/vnd.mx.nexus.v1+json';
const SSO = 'application/vnd.moneydesktop.sso.v3+json';
let access;
let document_;

const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export const curl = (method, url, headers = {}, body) => {
	const words = ['curl'];
	if (method !== 'GET') words.push('-X', method);
	const { 'Content-Type': type, ...others } = headers;
	for (const [name, value] of Object.entries(others)) words.push('-H', quoted(`${name}: ${value}`));
	if (body && (type ?? 'application/json') === 'application/json') words.push('--json', quoted(body));
	else if (body) words.push('-H', quoted(`Content-Type: ${type}`), '-d', quoted(body));
	return [...words, quoted(String(url))].join(' ');
};

const showCurl = (text) => {
	put(find('#did code'), text);
	find('#did').hidden = false;
};

const request = async (method, path, headers, body) => {
	const response = await fetch(new URL(path, base), { method, headers, body, cache: 'no-store' });
	const text = await response.text();
	let told = text;
	try {
		told = JSON.parse(text);
	} catch {
		// A fault may have made something else of it.
	}
	return { ok: response.ok, status: response.status, told, text };
};

const refused = ({ status, told }) => {
	const message = told?.error?.message ?? 'no reason was given';
	say(`Refused with ${status}: ${message}`, true);
	throw new Error(message);
};

/** Reads; without a trace, for nothing was done. */
export const read = async (path) => {
	const response = await request('GET', path);
	return response.ok ? response.told : refused(response);
};

const sent = async (method, path, headers, body) => {
	try {
		return await request(method, path, headers, body);
	} catch (error) {
		say('No response came: the sandbox has ended, or a fault has met this', true);
		throw error;
	}
};

/** Does something by the admin interface. */
export const act = async (method, path, body, done = 'Done') => {
	const text = body === undefined ? undefined : JSON.stringify(body);
	const headers = text ? { 'Content-Type': 'application/json' } : undefined;
	showCurl(curl(method, new URL(path, base), headers, text));
	const response = await sent(method, path, headers, text);
	if (!response.ok) refused(response);
	say(done);
	return response.told;
};

export const credentials = async () => (access ??= await read('access'));
export const forget = () => { access = undefined; };
export const openapi = async () => (document_ ??= await read('openapi.json'));
/** Whether this sandbox has the path. */
export const has = async (path) => `/_sandbox/${path}` in (await openapi()).paths;

const user = ({ client_id, user_id }) => `/${encodeURIComponent(client_id)}/users/${encodeURIComponent(user_id)}`;

const session = async () => {
	const own = await credentials();
	const token = await request('GET', `${user(own)}/api_token.json`, { 'MD-API-KEY': own.api_key, Accept: SSO });
	const opened = token.ok && await request('POST', '/sessions', { 'MD-API-TOKEN': token.told.api_token.token, 'Content-Type': DATA, Accept: DATA }, '{"session":{"skip_aggregation":true}}');
	if (opened?.ok) own.session_token = opened.told.session.token;
};

/** Calls the data API as the first user; opens a new session where the old one has ended. */
export const call = async (method, path, body, done) => {
	const text = JSON.stringify(body);
	const own = await credentials();
	const headers = () => ({ 'MD-SESSION-TOKEN': own.session_token, Accept: DATA, 'Content-Type': DATA });
	let response = await sent(method, path, headers(), text);
	if (response.status === 401) {
		await session();
		response = await sent(method, path, headers(), text);
	}
	showCurl(curl(method, new URL(path, base), headers(), text));
	if (!response.ok) refused(response);
	say(done);
	return response.told;
};

export const widget = async (guid) => {
	const own = await credentials();
	const path = `${user(own)}/urls.json`;
	const headers = { 'MD-API-KEY': own.api_key, Accept: SSO, 'Content-Type': SSO };
	const text = JSON.stringify({ url: { type: 'connect_widget', mode: 'verification', ui_message_version: 4, current_microdeposit_guid: guid } });
	showCurl(curl('POST', new URL(path, base), headers, text));
	const response = await sent('POST', path, headers, text);
	if (!response.ok) refused(response);
	open(response.told.url.url, '_blank', 'noopener');
};
