# Makes the KEYS of kimchi-isod.conf(5) out of the shipped configuration, which has each key with its default below a comment.

function escape(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text
}

# A sentence on a line of its own, as man(7) asks; one that starts with a control character is no request.
function print_text(text) {
  text = escape(text)
  gsub(/\. +/, ".\n", text)
  gsub(/\n[.']/, "\n\\\\\\&&", text)
  print text
}

function finish_group() {
  if (keys != "") {
    printf ".TP\n%s", keys
    print_text(text)
  }
  keys = text = ""
}

/^\[/ {
  finish_group()
  started = 1
  printf ".SS %s\n", escape($0)
  next
}

!started { next }

/^# / {
  if (keys != "") finish_group()
  text = (text == "" ? "" : text "\n") substr($0, 3)
  next
}

/^#[a-z_]+ =/ {
  if (keys != "") keys = keys ".TQ\n"
  split(substr($0, 2), parts, / *= */)
  keys = keys sprintf(".BR %s \" = %s\"\n", escape(parts[1]), parts[2] == "" ? "\\fR(none)" : escape(parts[2]))
}

END { finish_group() }
