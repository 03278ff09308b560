#!/usr/bin/env bash
# Runs one command of Hone by spark-submit: that of SPARK_HOME, or else of an embedded Spark, which
# is built with Maven at the first call. What a command does stands in Java, nothing of it here.
set -uo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || exit 70
target=$root/target
readonly root target
readonly CONFIGURATION=2 BUILD=70

usage() {
  cat <<'USAGE'
Usage: ./submit.sh COMMAND [--config FILE] [--set key=value]... [--workspace DIR]
                   [--master M] [--spark-conf FILE]... [--if-running wait|exit|proceed]
                   [--dry-run] [-- spark-submit arguments]

  demo        the whole chain on an embedded Spark with a real model and real text
  run         the whole chain for one configuration; what is published is not done again
  normalize   reads the sources into the normal form
  mine        finds hard negatives
  train       tunes the model
  tune        looks for the best settings of training
  evaluate    measures the models
  compare     compares two runs, and fails where the candidate is worse
  report      writes the pages
  export      writes the model folder with its card, and the report
  encode      encodes a text column of any Spark source into Parquet
  sql         Spark SQL over the published tables; a server for notebooks
  verify      checks that a run is published and whole
  doctor      looks at Java, Spark, native libraries, devices and storage, and says how to mend them
  bench       the benchmarks of this repository, as a table

  ./submit.sh COMMAND --help explains a command and every configuration key.
  SPARK_HOME names the Spark to use; without it an embedded Spark is built once.
USAGE
}

fail() {
  local code=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$code"
}

# --- Java -----------------------------------------------------------------------------------------

java_major() {
  local version
  version=$("$1" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p' | head -n 1)
  version=${version#1.}
  printf '%s' "${version%%[!0-9]*}"
}

check_java() {
  local java=java where="the java on the PATH" major
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    where="JAVA_HOME, $JAVA_HOME,"
  fi
  if ! command -v "$java" >/dev/null 2>&1; then
    fail $CONFIGURATION "Cannot start Hone: there is no Java at $java. Install a JDK 17 or newer" \
      "and set JAVA_HOME to its folder."
  fi
  major=$(java_major "$java")
  if [[ -z $major ]] || ((major < 17)); then
    fail $CONFIGURATION "Cannot start Hone: it needs Java 17 or newer, but $where is Java" \
      "${major:-of a version that cannot be read}. Set JAVA_HOME to the folder of a JDK 17 or newer."
  fi
}

# --- Build ----------------------------------------------------------------------------------------

is_built() {
  [[ -f $target/hone.jar ]] || return 1
  [[ -f $root/pom.xml ]] || return 0
  [[ -f $target/.built && -x $target/spark/bin/spark-submit ]] || return 1
  [[ -z $(find "$root/pom.xml" "$root/src/main" "$root/jobs/sql" -newer "$target/.built" -print \
    2>/dev/null | head -n 1) ]]
}

# Copies Maven's output to the log and says what is being downloaded.
show_progress() {
  local line kilobytes=0 shown=0 size unit name
  local pattern='^Downloaded from [^:]*: .*/([^/ ]+) \(([0-9]+)(\.([0-9]))?[0-9]* (B|kB|MB|GB)'
  pattern="^(\\[[A-Z]+\\] )?${pattern#^}"
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $line =~ $pattern ]] || continue
    name=${BASH_REMATCH[2]}
    unit=${BASH_REMATCH[6]}
    size=$((${BASH_REMATCH[3]} * 10 + ${BASH_REMATCH[5]:-0}))
    case $unit in
      B) size=0 ;;
      kB) size=$((size / 10)) ;;
      MB) size=$((size * 100)) ;;
      GB) size=$((size * 100000)) ;;
    esac
    kilobytes=$((kilobytes + size))
    if ((size >= 5000 || kilobytes - shown >= 25000)); then
      shown=$kilobytes
      printf '  %d MB downloaded: %s\n' $((kilobytes / 1000)) "$name" >&2
    fi
  done >"$target/build.log"
}

run_maven() {
  local code
  # Jars of an older pom would stay on the class path.
  if [[ ! -f $target/.built || $root/pom.xml -nt $target/.built ]]; then
    rm -rf -- "$target/lib" "$target/spark"
  fi
  : >"$target/.building"
  (cd "$root" && mvn -B -Dhone.product -Dmaven.test.skip -Dspotless.check.skip -Denforcer.skip package 2>&1) |
    show_progress
  code=${PIPESTATUS[0]}
  if ((code != 0)); then
    grep -E '^\[(ERROR|FATAL)' "$target/build.log" | head -n 20 >&2
    fail $BUILD "The build failed. Its end is above, all of it in $target/build.log." \
      "Without a network, run: mvn dependency:go-offline once where there is one."
  fi
  # The launcher must run even where Maven dropped its mode.
  chmod +x "$target/spark/bin/spark-submit" || exit $BUILD
  # The stamp carries the time at which the build began: what changed meanwhile is built next time.
  mv -f -- "$target/.building" "$target/.built" || exit $BUILD
}

build() {
  is_built && return
  [[ -f $root/pom.xml && -d $root/src/main ]] ||
    fail $BUILD "Cannot build Hone: $root has no pom.xml or no src/main. Check out the whole project."
  command -v mvn >/dev/null 2>&1 ||
    fail $CONFIGURATION "Cannot build Hone: there is no mvn on the PATH. Install Maven 3.8 or newer."
  mkdir -p -- "$target" || exit $BUILD
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$target/.build-lock"
    flock -n 9 || {
      echo "Another call is building Hone; waiting for it." >&2
      flock 9
    }
  fi
  if ! is_built; then
    if [[ -d ${HOME:-}/.m2/repository/org/apache/spark ]]; then
      echo "Building Hone and its embedded Spark (log: $target/build.log)." >&2
    else
      echo "Building Hone and its embedded Spark: about 775 MB are downloaded once into ~/.m2." >&2
    fi
    run_maven
    echo "Built." >&2
  fi
  exec 9>&-
}

# --- Command line ---------------------------------------------------------------------------------

master='local[*]'
workspace=
config=
dry_run=false
spark_confs=()
hone=()
spark=()

value_of() { # option, number of arguments left
  (($2 >= 2)) || fail $CONFIGURATION "$1 needs a value. ./submit.sh --help shows the options."
}

parse() {
  while (($# > 0)); do
    case $1 in
      --)
        shift
        spark=("$@")
        return
        ;;
      --dry-run) dry_run=true ;;
      --master | --spark-conf | --workspace | --config | --set | --if-running)
        value_of "$1" $#
        option "$1" "$2"
        shift
        ;;
      --master=* | --spark-conf=* | --workspace=* | --config=* | --set=* | --if-running=*)
        option "${1%%=*}" "${1#*=}"
        ;;
      *) hone+=("$1") ;;
    esac
    shift
  done
}

option() {
  case $1 in
    --master) master=$2 ;;
    --spark-conf) spark_confs+=("$2") ;;
    *)
      hone+=("$1" "$2")
      case $1 in
        --workspace) workspace=$2 ;;
        --config) config=$2 ;;
        --set)
          case $2 in
            workspace=* | hone.workspace=*) workspace=${workspace:-${2#*=}} ;;
          esac
          ;;
      esac
      ;;
  esac
}

is_local_master() { [[ $master == local* ]]; }

# The workspace as far as a script can tell; nothing where only Java can.
known_workspace() {
  if [[ -n $workspace ]]; then
    printf '%s' "$workspace"
  elif [[ -z $config ]] || ! grep -Eq '^[^#]*workspace' -- "$config" 2>/dev/null; then
    printf 'hone-workspace'
  else
    sed -nE 's/^[[:space:]]*(hone\.)?workspace[[:space:]]*[=:][[:space:]]*"([^"$]+)".*/\2/p' \
      -- "$config" | tail -n 1
  fi
}

check_workspace() {
  local known
  is_local_master && return
  known=$(known_workspace)
  case $known in
    file:*) ;;
    '' | [a-z]*:/*) return ;;
  esac
  fail $CONFIGURATION "Cannot use the workspace $known with the master $master: the executors on" \
    "other machines do not see this machine's files. Pass --workspace s3a://... or hdfs://..."
}

check_spark_arguments() {
  local argument
  for argument in ${spark[@]+"${spark[@]}"}; do
    case $argument in
      --master | --master=*)
        fail $CONFIGURATION "Give --master before the --, so that ./submit.sh knows it."
        ;;
    esac
  done
}

# --- Spark ----------------------------------------------------------------------------------------

settings() {
  local file
  cat -- "$root/conf/spark/common.conf"
  if is_local_master; then
    cat -- "$root/conf/spark/embedded.conf"
  fi
  for file in ${spark_confs[@]+"${spark_confs[@]}"}; do
    printf '\n'
    cat -- "$file"
  done
}

check_spark_confs() {
  local file
  for file in ${spark_confs[@]+"${spark_confs[@]}"}; do
    [[ -f $file && -r $file ]] ||
      fail $CONFIGURATION "Cannot read --spark-conf $file. $root/conf/spark has the ones there are."
  done
}

# spark-submit takes one file of properties. Its name follows from its content, so that calls side
# by side do not disturb each other, and nothing has to be removed afterwards.
properties_file() {
  local sum
  sum=$(settings | cksum | tr ' ' '-') || return
  printf '%s' "$target/spark-conf/$sum.conf"
}

write_properties() {
  local file=$1
  [[ -f $file ]] && return
  mkdir -p -- "$(dirname -- "$file")" && settings >"$file.$$" && mv -f -- "$file.$$" "$file" ||
    fail $BUILD "Cannot write Spark's properties to $file."
}

libraries() {
  local jars
  if [[ -d $target/lib ]]; then
    jars=$(printf '%s,' "$target"/lib/*.jar)
    printf '%s' "${jars%,}"
  else
    printf '%s' "$target/lib/*.jar"
  fi
}

spark_command() {
  if [[ -n ${SPARK_HOME:-} && -x ${SPARK_HOME:-}/bin/spark-submit ]]; then
    # A properties file alone would switch off the cluster's own defaults.
    command=("$SPARK_HOME/bin/spark-submit" --load-spark-defaults)
  else
    command=("$target/spark/bin/spark-submit")
    export PYTORCH_FLAVOR=${PYTORCH_FLAVOR:-cpu}
    unset SPARK_HOME
  fi
  command+=(--class dev.hone.cli.Main --name "hone-${hone[0]}" --master "$master")
  command+=(--properties-file "$properties")
  if is_local_master; then
    # On the class path nothing is copied at the start; the JVM expands the pattern.
    command+=(--driver-class-path "$target/hone.jar:$target/lib/*")
    if [[ $master == local-cluster* ]]; then
      command+=(--conf "spark.executor.extraClassPath=$target/hone.jar:$target/lib/*")
    fi
  else
    command+=(--jars "$(libraries)")
  fi
  command+=(${spark[@]+"${spark[@]}"} "$target/hone.jar" "${hone[@]}")
}

# The demo, which loads most classes, leaves them in an archive of the JVM's, and what is started after it starts some
# seconds earlier. The JVM passes over an archive of other jars, of another JVM, or one that was not finished.
share_classes() {
  local archive=$target/hone.jsa option
  if [[ -n ${SPARK_HOME:-} || $archive == *[[:space:]]* ]] || ! is_local_master; then
    return
  fi
  if [[ $archive -nt $target/hone.jar ]]; then
    option=-XX:SharedArchiveFile=$archive
  elif [[ ${hone[0]} == demo ]]; then
    option=-XX:ArchiveClassesAtExit=$archive
  else
    return
  fi
  SPARK_SUBMIT_OPTS+=" $option -Xlog:cds=off -Xlog:cds+dynamic=off"
}

quoted() { # as little quoting as a shell needs
  if [[ $1 =~ ^[A-Za-z0-9_./:=,@%+-]+$ ]]; then
    printf '%s' "$1"
  else
    printf "'%s'" "${1//\'/\'\\\'\'}"
  fi
}

print_command() {
  local part separator=''
  for part in "${command[@]}"; do
    printf '%s%s' "$separator" "$(quoted "$part")"
    separator=$' \\\n  '
  done
  printf '\n'
}

main() {
  case ${1:-} in
    '' | -h | --help | help)
      usage
      return
      ;;
    demo | run | normalize | mine | train | tune | evaluate | compare | report | export | encode | sql | verify | doctor | bench) ;;
    *)
      usage >&2
      fail $CONFIGURATION "" "There is no command $1."
      ;;
  esac
  parse "$@"
  check_spark_arguments
  check_spark_confs
  check_workspace
  # DJL must not look for libraries on the network; a GPU's tokenizer library would be downloaded.
  export DJL_OFFLINE=${DJL_OFFLINE:-true}
  export RUST_FLAVOR=${RUST_FLAVOR:-cpu}
  # Each thread that trains would have an arena of malloc's, which keeps what was freed in it: 1 GB.
  export MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  # log4j2 takes a URL, in which a space has its own form.
  export SPARK_SUBMIT_OPTS="-Dlog4j2.configurationFile=file:${root// /%20}/conf/log4j2.properties${SPARK_SUBMIT_OPTS:+ $SPARK_SUBMIT_OPTS}"
  # A bar moves on a terminal; a JVM cannot tell whether it writes to one.
  if [[ -t 2 ]]; then
    export HONE_TERMINAL=1
  fi
  local properties command
  properties=$(properties_file) || exit $BUILD
  if $dry_run; then
    spark_command
    print_command
    return
  fi
  check_java
  build
  write_properties "$properties"
  spark_command
  share_classes
  exec "${command[@]}"
}

main "$@"
