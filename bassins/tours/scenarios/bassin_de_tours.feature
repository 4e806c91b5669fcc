# language: fr
Fonctionnalité: Le bassin de Tours, avec les règles de la charte
  Les mêmes règles orientent dans un autre bassin ; seules changent les structures et ce que l'on sait d'elles.

  Règle: Toute personne est accueillie, même quand la coordination du bassin n'est pas connue

    Scénario: Rien n'est dit
      Étant donné une personne dont rien n'est dit
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est bij-37
      Et region-cvl-orientation est aussi proposée
      Et chaque raison cite une règle et une source

    Scénario: Une fiche vide n'est jamais proposée
      Étant donné la personne : demande financer-creation
      Quand l'agent demande vers qui l'orienter
      Alors une structure est proposée
      Et initiative-tours n'est pas proposée
      Et coordination-tours n'est pas proposée

    Scénario: Personne n'a d'offre pour le numérique
      Étant donné la personne : demande numerique
      Quand l'agent demande vers qui l'orienter
      Alors une structure est proposée
      Et l'agent est alerté par la règle alerte-numerique-sans-offre

  Règle: Chacun va vers la structure du bassin qui a la compétence

    Plan du Scénario: La première structure
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>
      Et chaque raison cite une règle et une source

      Exemples:
        | personne                                                         | structure                   |
        | 20 ans, demandeur d'emploi, demande trouver-emploi               | mission-locale-touraine     |
        | 17 ans, sans activité                                            | mission-locale-touraine     |
        | 45 ans, demandeur d'emploi, demande trouver-emploi               | france-travail-37           |
        | demande inscription-france-travail                               | france-travail-37           |
        | salarié, non cadre, demande se-reconvertir                       | avenir-actifs-cvl           |
        | demandeur d'emploi, cadre, demande trouver-emploi                | apec-cvl                    |
        | élève                                                            | cio-joue-les-tours          |
        | demande valider-acquis                                           | espace-region-vae           |
        | demande creer-entreprise                                         | bge-berry-touraine          |
        | demande creer-entreprise, secteur artisanat                      | cma-cvl-37                  |
        | demande savoirs-de-base, scolarisé en France                     | cria-37                     |
        | salarié, handicap reconnu, demande maintien-emploi               | cap-emploi-37               |
        | perçoit le RSA, demande vie-quotidienne                          | conseil-departemental-37    |
        | fonction publique territoriale, catégorie C                      | cdg-37                      |
        | fonction publique hospitalière                                   | anfh                        |
        | 18 ans, demande s-engager                                        | bij-37                      |

    Scénario: La mission locale de son territoire
      Étant donné la personne : 20 ans, sans activité, habite Loches, demande raccrocher-formation
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est mission-locale-loches
      Et mission-locale-touraine n'est pas proposée

  Règle: Ce que l'on sait du bassin

    Scénario: L'Apec reçoit sur place à Tours
      Étant donné la personne : 40 ans, demandeur d'emploi, cadre, préfère venir, demande trouver-emploi
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est apec-cvl
      Et rien n'est à vérifier pour apec-cvl

    Scénario: Le CIO de Tours a fermé
      Étant donné la personne : élève
      Quand l'agent demande vers qui l'orienter
      Alors l'agent est alerté par la règle alerte-cio-de-tours-ferme

    Scénario: La VAE se poursuit à l'académie
      Étant donné la personne : demande valider-acquis
      Quand l'agent demande vers qui l'orienter
      Alors l'étape 2 est academie-dava

    Scénario: Le bureau qui reçoit garde ce qui est de son champ
      Étant donné la personne : demande savoirs-de-base
      Et le bureau qui reçoit : cria-37
      Quand l'agent demande vers qui l'orienter
      Alors c'est chez vous
