# The package of this source, in an image without compiler and without root:
#   docker run --rm -v "$PWD:/repo:ro" git-hygiene scan
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY . .
RUN apt-get update \
 && ./hygiene build \
 && apt-get install -y --no-install-recommends dpkg-dev file \
 && cd build/release && cpack

FROM debian:bookworm-slim
COPY --from=build /src/build/release/git-hygiene_*.deb /tmp/
# git refuses repositories of other users: the one that is mounted is meant
RUN apt-get update \
 && apt-get install -y --no-install-recommends /tmp/git-hygiene_*.deb \
 && rm -rf /var/lib/apt/lists/* /tmp/*.deb \
 && printf '[safe]\n\tdirectory = /repo\n' >/etc/gitconfig \
 && useradd --create-home --uid 1000 hygiene
USER 1000
WORKDIR /repo
ENTRYPOINT ["git-hygiene"]
CMD ["scan"]
