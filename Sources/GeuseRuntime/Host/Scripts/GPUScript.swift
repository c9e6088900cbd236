extension HostScript {
    /// Whether a container sees a GPU.
    static let gpu = #"""
        # Whether a GPU is to be seen in a container: its devices are there, and ollama did not say at its
        # start that it found none that it can use.
        gpu_of() {
            [ "${1:-0}" != 0 ] || return 0
            for device in "$root/proc/$1/root/dev/nvidia"[0-9]* "$root/proc/$1/root/dev/kfd"; do
                [ -e "$device" ] || continue
                if timeout -k 1 5 docker logs "$2" 2>&1 </dev/null 9>&- | head -n 400 |
                    grep -a 'inference compute\|no compatible GPUs' | tail -n 1 |
                    grep -q 'library=cpu\|no compatible GPUs'
                then echo no; else echo yes; fi
                return 0
            done
            echo no
        }
        """#
}
