/*
 * The HTML report's own script: no library, nothing is fetched. Text of the
 * repository is only ever set as textContent. Cards are made a page at a time,
 * so that ten thousand of them stay fluent; printing makes more of them.
 */
'use strict';

const PAGE = 100;
const PRINTED = 2000;
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'];
const SVG = 'http://www.w3.org/2000/svg';

const data = JSON.parse(document.getElementById('data').textContent);
const list = document.getElementById('list');
const more = document.getElementById('more');
const form = document.getElementById('filters');
const note = document.getElementById('status');

let shown = []; /* groups that fit the filters, in order */
let made = 0;   /* how many of them have a card */

function element(name, properties, ...children) {
	const node = Object.assign(document.createElement(name), properties);
	node.append(...children);
	return node;
}

function shape(name, attributes) {
	const node = document.createElementNS(SVG, name);
	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	return node;
}

function day(seconds) {
	const date = new Date(seconds * 1000);
	return isNaN(date) ? 'unknown' : date.toISOString().slice(0, 10);
}

/* When a group came, left the tree, and until when history has it. */
const dated = data.groups.filter((group) => group.first);
const start = Math.max(0, dated.reduce(
	(least, group) => Math.min(least, group.first.time), data.now));
const span = Math.max(data.now - start, 86400);

function position(seconds, width) {
	const clamped = Math.min(Math.max(seconds, start), data.now);
	return (clamped - start) / span * width;
}

function bar(group) {
	const svg = shape('svg', { class: 'bar', viewBox: '0 0 1000 10',
		preserveAspectRatio: 'none', 'aria-hidden': 'true' });
	const from = position(group.first.time, 1000);
	const until = group.removed ?
		position(group.removed.time, 1000) : 1000;
	svg.append(shape('rect', { class: 'track', x: 0, y: 4, width: 1000,
		height: 2 }));
	if (group.removed)
		svg.append(shape('rect', { class: 'past', x: until, y: 2,
			width: 1000 - until, height: 6 }));
	svg.append(shape('rect', { class: 'tree', x: Math.min(from, 996),
		y: 0, width: Math.max(until - from, 4), height: 10 }));
	return svg;
}

/* How many were in the tree, and how many in history alone, over time. */
function steps() {
	const changes = [];
	for (const group of dated) {
		changes.push([group.first.time, 1, 0]);
		if (group.removed)
			changes.push([group.removed.time, -1, 1]);
	}
	changes.sort((a, b) => a[0] - b[0]);
	let tree = 0;
	let past = 0;
	return changes.map(([time, inTree, inPast]) => {
		tree += inTree;
		past += inPast;
		return [time, tree, past];
	});
}

function area(points, top, width, height, most, value) {
	let path = `M0 ${height}`;
	let last = height;
	for (const point of points) {
		const x = position(point[0], width).toFixed(1);
		const y = (height - value(point) / most * (height - top))
			.toFixed(1);
		path += `L${x} ${last}L${x} ${y}`;
		last = y;
	}
	return `${path}L${width} ${last}L${width} ${height}Z`;
}

function ticks(svg, width, height) {
	const count = 5;
	for (let i = 0; i <= count; i++) {
		const x = width * i / count;
		const text = shape('text', { x, y: height + 16,
			'text-anchor': i === 0 ? 'start' :
				i === count ? 'end' : 'middle' });
		text.textContent = day(start + span * i / count);
		svg.append(text);
	}
	svg.append(shape('path', { class: 'axis',
		d: `M0 ${height}H${width}` }));
}

function timeline() {
	const place = document.getElementById('timeline');
	if (!dated.length) {
		place.append(element('p', { className: 'dim' },
			'History was not looked at, or has none of it.'));
		return;
	}
	const width = 900;
	const height = 140;
	const points = steps();
	const most = points.reduce((greatest, point) =>
		Math.max(greatest, point[1] + point[2]), 1);
	const [, tree, past] = points[points.length - 1];
	const svg = shape('svg', { viewBox: `0 0 ${width} ${height + 22}`,
		role: 'img', 'aria-label': `Since ${day(start)}: today ${tree} ` +
			`in the tree, ${past} removed from it but still in ` +
			'history.' });
	svg.append(shape('path', { class: 'past', d: area(points, 10, width,
		height, most, (point) => point[1] + point[2]) }));
	svg.append(shape('path', { class: 'tree', d: area(points, 10, width,
		height, most, (point) => point[1]) }));
	ticks(svg, width, height);
	place.append(svg);
	place.append(element('p', {},
		element('span', { className: 'key tree' }),
		` in the tree (${tree} now)  `,
		element('span', { className: 'key past' }),
		` removed, still in history (${past} now); ` +
			`at most ${most} at once`));
}

function commit(words, info) {
	if (!info)
		return '';
	const author = info.author ? ` by ${info.author}` : '';
	return `${words} ${day(info.time)} in ${info.oid.slice(0, 10)}${author}`;
}

function members(group) {
	const details = element('details', {}, element('summary', {},
		group.member_count === 1 ? '1 place' :
			`${group.member_count} places`));
	details.addEventListener('toggle', () => {
		if (details.childElementCount > 1)
			return;
		const items = group.members.map((member) => element('li', {},
			element('code', {}, member.path), ` ${member.words}`));
		const left = group.member_count - group.members.length;
		if (left)
			items.push(element('li', { className: 'dim' },
				`and ${left} more, in the jsonl report`));
		details.append(element('ul', {}, ...items));
	});
	return details;
}

function lines(group) {
	const rule = data.rules[group.rule];
	const texts = [group.state, group.holds, ...group.links,
		[commit('added', group.first),
			commit('removed from the tree', group.removed)]
			.filter(Boolean).join('; '), rule.why];
	return texts.filter(Boolean).map((text) => element('p', {}, text));
}

function card(group) {
	const rule = data.rules[group.rule];
	const parts = [
		element('h3', {},
			element('span', { className: 'badge' },
				group.severity), ' ',
			element('code', {}, group.label), ' ', rule.title),
		element('p', {}, group.counts),
	];
	if (group.first)
		parts.push(bar(group));
	parts.push(...lines(group));
	if (group.excerpt)
		parts.push(element('p', {},
			element('code', {}, group.excerpt)));
	if (rule.advice)
		parts.push(element('p', {},
			element('b', {}, 'What to do: '), rule.advice));
	parts.push(members(group));
	return element('li', { className: `card ${group.severity}` }, ...parts);
}

function make(count) {
	const next = shown.slice(made, made + count);
	list.append(...next.map(card));
	made += next.length;
	more.hidden = made >= shown.length;
	more.textContent = `Show more (${shown.length - made} left)`;
}

const BY_PRESENCE = {
	tree: (group) => group.tip,
	history: (group) => !group.tip && group.history,
	tracked: (group) => group.tracked,
};

function matches(group, wanted) {
	if (!wanted.severities.has(group.severity))
		return false;
	if (wanted.presence && !BY_PRESENCE[wanted.presence](group))
		return false;
	if (wanted.place && !group.places.includes(wanted.place))
		return false;
	if (wanted.validity && !group[wanted.validity])
		return false;
	if (wanted.kind && group.kind !== wanted.kind)
		return false;
	return !wanted.text || group.text.includes(wanted.text);
}

const ORDERS = {
	severity: (a, b) => a.number - b.number,
	oldest: (a, b) => (a.first ? a.first.time : Infinity) -
		(b.first ? b.first.time : Infinity) || a.number - b.number,
	path: (a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 :
		a.number - b.number),
};

function count() {
	note.textContent = `${shown.length} of ${data.groups.length} shown`;
}

function update() {
	const fields = new FormData(form);
	const wanted = {
		severities: new Set(fields.getAll('severity')),
		presence: fields.get('presence'),
		place: fields.get('place'),
		validity: fields.get('validity'),
		kind: fields.get('kind'),
		text: fields.get('text').trim().toLowerCase(),
	};
	shown = data.groups.filter((group) => matches(group, wanted))
		.sort(ORDERS[fields.get('order')]);
	made = 0;
	list.replaceChildren();
	make(PAGE);
	count();
}

/* Where the clipboard is not to be had, the text is selected instead. */
async function copy(button) {
	const text = button.previousElementSibling;
	try {
		await navigator.clipboard.writeText(text.textContent);
		note.textContent = 'Copied';
		button.textContent = 'Copied';
	} catch (error) {
		getSelection().selectAllChildren(text);
		note.textContent = 'Selected: press Ctrl-C to copy';
		button.textContent = 'Selected';
	}
	setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

function prepare() {
	data.groups.forEach((group, number) => {
		group.number = number;
		group.text = [group.label, group.rule,
			data.rules[group.rule].title]
			.concat(group.members.map((member) => member.path))
			.join('\n').toLowerCase();
	});
	for (const select of form.querySelectorAll('select[name=place]'))
		for (const place of new Set(data.groups.flatMap(
			(group) => group.places)))
			select.append(element('option', { value: place },
				place));
	const found = new Set(data.groups.map((group) => group.severity));
	for (const severity of SEVERITIES) {
		const box = form.querySelector(`[value=${severity}]`);
		box.disabled = !found.has(severity);
	}
}

prepare();
timeline();
form.addEventListener('input', update);
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('reset', () => setTimeout(update));
more.addEventListener('click', () => make(PAGE));
new IntersectionObserver((entries) => {
	if (entries.some((entry) => entry.isIntersecting) && !more.hidden)
		make(PAGE);
}, { rootMargin: '800px' }).observe(more);
addEventListener('beforeprint', () => {
	make(Math.max(0, PRINTED - made));
	note.textContent = `${made} of ${data.groups.length} printed`;
});
addEventListener('afterprint', count);
for (const button of document.querySelectorAll('button.copy'))
	button.addEventListener('click', () => copy(button));
update();
