// The diagram: its edges are the rows of the table of transitions that the sandbox goes by.
const PLACES = { null: [20, 100, 9], PREINITIATED: [110, 30], INITIATED: [180, 100], REQUESTED: [310, 100], DEPOSITED: [440, 100], VERIFIED: [610, 40], DENIED: [610, 100], PREVENTED: [610, 160], deleted: [440, 26], ERRORED: [310, 172], REJECTED: [195, 172], CONFLICTED: [80, 172] };
const [WIDE, HIGH] = [44, 13];

const draw = (name, attributes, text = '') => {
	const element = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
	element.append(text);
	return element;
};

/** From border to border of the boxes, with a point at its end. */
const path = ([x, y, wide = WIDE], [u, v]) => {
	if (x === u && y === v) return `M${x + 20} ${y - HIGH}c8 -20 40 -12 24 6l5 0m-5 0l0 -5`;
	const cut = (size) => Math.min(size / Math.abs(u - x || 1e-3), HIGH / Math.abs(v - y || 1e-3));
	const [p, q] = [cut(wide), cut(WIDE)];
	const [a, b, c, d] = [x + (u - x) * p, y + (v - y) * p, u - (u - x) * q, v - (v - y) * q];
	const turn = Math.atan2(d - b, c - a);
	const side = (by) => `L${c - 6 * Math.cos(turn + by)} ${d - 6 * Math.sin(turn + by)}`;
	return `M${a} ${b}L${c} ${d}${side(0.5)}M${c} ${d}${side(-0.5)}`;
};

export const diagram = (transitions, now) => {
	const svg = draw('svg', { viewBox: '0 0 670 192', role: 'img', 'aria-label': `All moves; it is ${now} now` });
	const labels = new Map();
	for (const { from, event, to } of transitions) {
		const can = from === now;
		const [a, b] = [PLACES[from], PLACES[to]];
		svg.append(draw('path', { d: path(a, b), class: can ? 'can' : '', 'data-edge': `${from} ${event} ${to}` }));
		const at = `${(a[0] + b[0]) / 2},${(a[1] + b[1]) / 2 - (a === b ? 22 : 4)}`;
		if (can) labels.set(at, [...(labels.get(at) ?? []), event]);
	}
	for (const [name, [x, y]] of Object.entries(PLACES)) {
		const own = name === now;
		const box = draw('g', { class: own ? 'now' : '' });
		if (name === 'null') box.append(draw('circle', { cx: x, cy: y, r: 7 }));
		else box.append(draw('rect', { x: x - WIDE, y: y - HIGH, width: 2 * WIDE, height: 2 * HIGH, rx: own ? 2 : 12 }), draw('text', { x, y: y + 4 }, `${own ? '▶ ' : ''}${name}`));
		svg.append(box);
	}
	for (const [at, events] of labels) svg.append(draw('text', { x: at.split(',')[0], y: at.split(',')[1] }, events.join(', ')));
	return svg;
};
