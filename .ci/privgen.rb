# A Homebrew formula. .ci/release fills in the words between @.
class Privgen < Formula
  desc "@SUMMARY@"
  homepage "https://github.com/privgen/privgen"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "https://github.com/privgen/privgen/releases/download/v@VERSION@/privgen_@VERSION@_darwin_arm64.tar.gz"
      sha256 "@darwin_arm64@"
    end
    on_intel do
      url "https://github.com/privgen/privgen/releases/download/v@VERSION@/privgen_@VERSION@_darwin_amd64.tar.gz"
      sha256 "@darwin_amd64@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/privgen/privgen/releases/download/v@VERSION@/privgen_@VERSION@_linux_arm64.tar.gz"
      sha256 "@linux_arm64@"
    end
    on_intel do
      url "https://github.com/privgen/privgen/releases/download/v@VERSION@/privgen_@VERSION@_linux_amd64.tar.gz"
      sha256 "@linux_amd64@"
    end
  end

  def install
    bin.install "privgen"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/privgen.bash" => "privgen"
    zsh_completion.install "completions/_privgen"
    fish_completion.install "completions/privgen.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/privgen version")
    system bin/"privgen", "init", "legal"
    system bin/"privgen", "build", "--config", "legal/privgen.toml"
    assert_path_exists testpath/"legal/public/index.html"
  end
end
