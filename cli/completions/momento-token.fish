# fish completion for momento-token. It asks the program, which knows its own commands and options.

function __momento_token_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct | string trim --left --chars='"\'')
    test (count $current) -eq 1; or set current ''
    set -l program (string replace --regex '^~/' "$HOME/" -- $words[1])
    command --query $program; or return
    for line in ($program complete $words[2..-1] $current 2>/dev/null)
        if test $line = :files
            set -l option (string match --regex '^--[^=]*=' -- $current)
            for path in (__fish_complete_path (string replace -- "$option" '' $current))
                echo -- "$option"$path
            end
        else
            echo -- $line
        end
    end
end

complete -c momento-token -f -a '(__momento_token_candidates)'
