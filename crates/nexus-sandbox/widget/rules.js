// What may be entered (domain.md 9.4). The sandbox has further rules.

const number = (text) => (/^-?\.?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(text) ? Number(text.replaceAll(',', '')) : NaN);

const RULES = {
	required: [(text) => text, 'is required.'],
	digits: [(text) => /^\d+$/.test(text), 'can have digits only.'],
	length: [(text) => text.length === 9, 'needs nine digits.'],
	same: [(text, values) => text === values.account_number, 'must repeat the account number.'],
	email: [(text) => /^\S+@\S+\.\S+$/.test(text), 'needs the form name@example.com.'],
	number: [(text) => !Number.isNaN(number(text)), 'needs a number such as 0.05.'],
	min: [(text) => number(text) >= 0.01, 'is at least 0.01.'],
	max: [(text) => number(text) <= 0.09, 'is at most 0.09.'],
};

/** The first rule that a text breaks, and what to say about it. */
export const check = (label, text, rules, values) => {
	const rule = rules.split(' ').find((name) => !RULES[name][0](text, values));
	return rule && { rule, text: `${label} ${RULES[rule][1]}` };
};
