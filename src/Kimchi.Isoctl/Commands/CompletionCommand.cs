using System.CommandLine;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>completion</c>: prints what a shell needs to complete command lines. The shells ask the program itself.</summary>
internal static class CompletionCommand
{
    // Candidates are lines. A name may hold anything but control characters: each is quoted as one word.
    private const string Bash = """
        # In ~/.bashrc: source <(kimchi-isoctl completion bash)
        _kimchi_isoctl() {
          local candidate word=${COMP_WORDS[COMP_CWORD]}
          COMPREPLY=()
          while IFS= read -r candidate; do
            printf -v candidate %q "$candidate"
            [[ $candidate != "$word"* || $candidate == -* && $word != -* ]] || COMPREPLY+=("$candidate")
          done < <(kimchi-isoctl "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -F _kimchi_isoctl kimchi-isoctl
        """;

    private const string Zsh = """
        #compdef kimchi-isoctl
        # In ~/.zshrc, after compinit: source <(kimchi-isoctl completion zsh)
        _kimchi_isoctl() {
          local -a candidates=("${(@f)$(kimchi-isoctl "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          [[ $PREFIX == -* ]] || candidates=("${(@)candidates:#-*}")
          compadd -- "${candidates[@]}"
        }
        # Loaded from a folder of completions, this file is itself the function at its first use.
        if [[ $funcstack[1] == _kimchi_isoctl ]]; then _kimchi_isoctl "$@"; else compdef _kimchi_isoctl kimchi-isoctl; fi
        """;

    private const string Fish = """
        # In ~/.config/fish/config.fish: kimchi-isoctl completion fish | source
        function __kimchi_isoctl
            set -l line (commandline -cp)
            set -l found (kimchi-isoctl "[suggest:"(string length -- $line)"]" $line 2>/dev/null)
            string match -q -- '-*' (commandline -ct); and printf '%s\n' $found; or string match -v -- '-*' $found
        end
        complete -c kimchi-isoctl -f -a '(__kimchi_isoctl)'
        """;

    public static Command Create(GlobalOptions global)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print what a shell needs to complete command lines") { shell };
        command.SetAction(parsed => global.Output.WriteLine(parsed.GetValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
