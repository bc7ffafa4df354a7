// The diagram: its edges are the rows of the table of transitions that the sandbox itself goes by.
const PLACES = { null: [28, 100], PREINITIATED: [120, 30], INITIATED: [190, 100], REQUESTED: [320, 100], DEPOSITED: [450, 100], VERIFIED: [600, 46], DENIED: [600, 100], PREVENTED: [600, 158], deleted: [450, 26], ERRORED: [320, 172], REJECTED: [205, 172], CONFLICTED: [90, 172] };
const [WIDE, HIGH] = [46, 13];

const draw = (name, attributes, text = '') => {
	const element = document.createElementNS('http://www.w3.org/2000/svg', name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
	element.textContent = text;
	return element;
};

const path = (from, to) => {
	const [[x, y], [u, v]] = [from, to];
	if (from === to) return `M${x + 20} ${y - HIGH}c10 -22 34 -10 ${WIDE - 20} ${HIGH}`;
	// From border to border of the boxes.
	const cut = Math.min(WIDE / Math.abs(u - x || 0.1), HIGH / Math.abs(v - y || 0.1), 0.4);
	const [dx, dy] = [(u - x) * cut, (v - y) * cut];
	return `M${x + dx} ${y + dy}L${u - dx} ${v - dy}`;
};

export const diagram = (transitions, now) => {
	const svg = draw('svg', { viewBox: '0 0 660 192', role: 'img', 'aria-label': `Diagram of all moves; it is ${now} now` });
	const places = { ...PLACES };
	const place = (name) => (places[name] ??= [60 + 100 * (Object.keys(places).length - 12), 186]);
	const edges = transitions.map(({ from, event, to }) => draw('path', { d: path(place(from), place(to)), class: String(from) === now ? 'can' : '', 'data-edge': `${from} ${event} ${to}` }));
	svg.append(...edges);
	for (const [name, [x, y]] of Object.entries(places)) {
		const own = name === now;
		const box = draw('g', own ? { class: 'now' } : {});
		if (name === 'null') box.append(draw('circle', { cx: x, cy: y, r: 7 }));
		else box.append(draw('rect', { x: x - WIDE, y: y - HIGH, width: 2 * WIDE, height: 2 * HIGH, rx: own ? 2 : 12 }), draw('text', { x, y: y + 4 }, own ? `▶ ${name}` : name));
		svg.append(box);
	}
	return svg;
};
