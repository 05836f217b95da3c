# Homebrew formula. Until there is a release it builds the head of a checkout:
#   HOMEBREW_GIT_HYGIENE=$PWD brew install --HEAD ./packaging/homebrew/git-hygiene.rb
class GitHygiene < Formula
  desc "Find session data and other secrets in Git repositories"
  homepage "https://github.com/git-hygiene/git-hygiene"
  license "MIT"
  head ENV.fetch("HOMEBREW_GIT_HYGIENE", homepage), using: :git, branch: "main"

  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "jansson"
  depends_on "libarchive"
  depends_on "libdeflate"
  depends_on "libfyaml"
  depends_on "libgit2"
  depends_on "nettle"
  depends_on "pcre2"

  uses_from_macos "sqlite"
  uses_from_macos "zlib"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DHYGIENE_TESTS=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    system "git", "init", "-q", "repo"
    (testpath/"repo/flask_session/2029240f6d1128be89ddc32729463129").write "x"
    system "git", "-C", "repo", "add", "-A"
    output = shell_output("#{bin}/git-hygiene -C repo scan --porcelain", 1)
    assert_match "flask-session-counter", output
    assert_match "git-hygiene version", shell_output("#{bin}/git-hygiene --version")
  end
end
