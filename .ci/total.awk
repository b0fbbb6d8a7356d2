# Adds up what the test runners say and prints one last line: `N passed, N failed`.
# Set `status` to the exit status of the run: a failure that no runner counted (a lint, a build) counts as one.
{ gsub(/\033\[[0-9;]*m/, "") }

# Cargo: `test result: ok. 12 passed; 0 failed; 1 ignored; …`
/^test result: / { add($0, "passed;"); add($0, "failed;"); next }

# Vitest: `      Tests  1 failed | 39 passed (40)`, but not its count of files.
/^ *Tests  / { add($0, "passed"); add($0, "failed"); next }

# Playwright: `  34 passed (1.2m)`, `  1 failed`, `  1 flaky`.
/^  [0-9]+ (passed|failed)( \(|$)/ { add($0, $2); next }

END {
  if (status != 0 && failed == 0) failed = 1
  printf "%d passed, %d failed\n", passed, failed
}

# Adds the number before `word` in `line` to the count that the word names.
function add(line, word,    parts, n, i) {
  n = split(line, parts, /[ \t]+/)
  for (i = 2; i <= n; i++) {
    if (parts[i] != word) continue
    if (word ~ /^passed/) passed += parts[i - 1]
    else failed += parts[i - 1]
  }
}
