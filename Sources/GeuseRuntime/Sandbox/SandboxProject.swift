/// The compose project of a simulated stack: the services of GeuseMaker's own file.
enum SandboxProject {
    /// The usual image of each service.
    static let images: [(service: String, image: String)] = [
        ("n8n", "n8nio/n8n:1.19.0"),
        ("ollama", "ollama/ollama:0.1.20"),
        ("qdrant", "qdrant/qdrant:v1.7.0"),
        ("crawl4ai", "unclecode/crawl4ai:0.6.0-r1"),
        ("postgres", "postgres:15.5"),
    ]

    /// The environment file; its values are made up and open nothing.
    static func environment(hasGPU: Bool) -> String {
        """
        # Written by the deployment; read by docker compose.
        N8N_PORT=5678
        N8N_ENCRYPTION_KEY=sandbox-key-of-the-first-day
        POSTGRES_PASSWORD=sandbox-only-password
        DOCKER_RUNTIME=\(hasGPU ? "nvidia" : "runc")

        """
    }

    /// The compose file with these images.
    static func composeFile(_ image: (String) -> String) -> String {
        """
        # A simulated GeuseMaker stack. NGINX runs on the host, in front of these ports.
        name: geusemaker

        services:
          n8n:
            image: \(image("n8n"))  # workflow automation
            container_name: n8n
            restart: unless-stopped
            env_file:
              - ./runtime.env
            environment:
              - N8N_PORT=${N8N_PORT:-5678}
              - DB_TYPE=postgresdb
              - DB_POSTGRESDB_HOST=postgres
              - DB_POSTGRESDB_PASSWORD=${POSTGRES_PASSWORD:?POSTGRES_PASSWORD required}
            ports:
              - "127.0.0.1:${N8N_PORT:-5678}:5678"
            volumes:
              - /mnt/efs/n8n:/home/node/.n8n
            depends_on:
              postgres:
                condition: service_healthy
            healthcheck:
              test: ["CMD-SHELL", "wget -q -O- http://localhost:5678/healthz"]
              interval: 30s
              retries: 3

          ollama:
            image: \(image("ollama"))
            container_name: ollama
            restart: unless-stopped
            runtime: ${DOCKER_RUNTIME:-runc}
            ports:
              - "127.0.0.1:${OLLAMA_PORT:-11434}:11434"
            volumes:
              - /mnt/efs/ollama:/root/.ollama
            healthcheck:
              test: ["CMD", "ollama", "list"]
              interval: 30s
              retries: 3

          qdrant:
            image: "\(image("qdrant"))"
            container_name: qdrant
            restart: unless-stopped
            ports:
              - "127.0.0.1:${QDRANT_PORT:-6333}:6333"
            volumes:
              - /mnt/efs/qdrant:/qdrant/storage
            healthcheck:
              # The image has neither curl nor wget.
              test: ["CMD-SHELL", "bash -c ': > /dev/tcp/127.0.0.1/6333'"]
              interval: 30s
              retries: 3

          crawl4ai:
            image: ${CRAWL4AI_IMAGE:-\(image("crawl4ai"))}
            container_name: crawl4ai
            restart: unless-stopped
            ports:
              - "127.0.0.1:${CRAWL4AI_PORT:-11235}:11235"
            healthcheck:
              test: ["CMD-SHELL", "curl -fsS http://localhost:11235/health"]
              interval: 30s
              retries: 3

          postgres:
            image: \(image("postgres"))
            container_name: postgres
            restart: unless-stopped
            environment:
              - POSTGRES_USER=geusemaker
              - POSTGRES_PASSWORD=${POSTGRES_PASSWORD:?POSTGRES_PASSWORD required}
            volumes:
              - /mnt/efs/postgres:/var/lib/postgresql/data
            healthcheck:
              test: ["CMD-SHELL", "pg_isready -U geusemaker"]
              interval: 30s
              retries: 3

        """
    }
}
