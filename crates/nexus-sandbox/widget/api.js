// The page's calls. They carry the secret that came with it, never a cookie.

const { bearer } = document.documentElement.dataset;

/** Calls a path beside the page's own, or one from the root. A refusal is an error with a status. */
export const call = async (method, path, body) => {
	const headers = { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' };
	const address = path.startsWith('/') ? path : `${location.pathname}/${path}`;
	const response = await fetch(address, { method, headers, body: JSON.stringify(body), credentials: 'omit' });
	if (response.ok) return response.json();
	throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
};
